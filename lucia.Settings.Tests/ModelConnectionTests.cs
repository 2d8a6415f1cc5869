namespace Lucia.Settings.Tests;

public class ModelConnectionTests
{
    private const string Canary = "sk-canary-5d41402abc4b2a76";

    [Theory]
    [InlineData("Endpoint=http://nas:11434;Model=m;Provider=ollama", ModelProvider.Ollama, "http://nas:11434/v1")]
    [InlineData("Endpoint=http://nas:11434/;Model=m;Provider=ollama", ModelProvider.Ollama, "http://nas:11434/v1")]
    [InlineData("Endpoint=http://nas:11434/v1;Model=m;Provider=ollama", ModelProvider.Ollama, "http://nas:11434/v1")]
    [InlineData("Endpoint=http://nas:11434/v1/;Model=m", ModelProvider.Ollama, "http://nas:11434/v1")]
    [InlineData("Endpoint=http://nas:11434/api/chat;Model=m", ModelProvider.Ollama, "http://nas:11434/v1")]
    [InlineData("Endpoint=http://nas:11434/v1/chat/completions;Model=m", ModelProvider.Ollama, "http://nas:11434/v1")]
    [InlineData("Endpoint=http://nas/ollama;Model=m;Provider=ollama", ModelProvider.Ollama, "http://nas/ollama/v1")]
    [InlineData("Endpoint=http://ollama:8080;Model=m", ModelProvider.Ollama, "http://ollama:8080/v1")]
    [InlineData("Endpoint=http://pc:1234;Model=m", ModelProvider.LmStudio, "http://pc:1234/v1")]
    [InlineData("Endpoint=http://pc:1234/v1/;Model=m;Provider=LMStudio", ModelProvider.LmStudio, "http://pc:1234/v1")]
    [InlineData("Endpoint=http://pc:1234/api/v0;Model=m;Provider=lm-studio", ModelProvider.LmStudio, "http://pc:1234/v1")]
    [InlineData("Endpoint=http://pc:8000/v1/models;Model=m", ModelProvider.OpenAICompatible, "http://pc:8000/v1")]
    [InlineData("Endpoint=http://pc:8000/v1;Model=m", ModelProvider.OpenAICompatible, "http://pc:8000/v1")]
    [InlineData("Endpoint=http://pc:8000;Model=m;Provider=OpenAI-Compatible", ModelProvider.OpenAICompatible, "http://pc:8000/")]
    [InlineData("Endpoint=https://api.openai.com;AccessKey=k1;Model=m", ModelProvider.OpenAI, "https://api.openai.com/v1")]
    [InlineData("AccessKey=k1;Model=m;Provider=openai", ModelProvider.OpenAI, "https://api.openai.com/v1")]
    [InlineData("Endpoint=https://h.openai.azure.com/;AccessKey=k1;Model=m", ModelProvider.AzureOpenAI, "https://h.openai.azure.com/")]
    [InlineData("Endpoint=https://h.openai.azure.com/openai/v1/;AccessKey=k1;Model=m", ModelProvider.AzureOpenAI, "https://h.openai.azure.com/openai/v1")]
    [InlineData("Endpoint=https://h.services.ai.azure.com/openai/v1;AccessKey=k1;Model=m", ModelProvider.AzureOpenAI, "https://h.services.ai.azure.com/openai/v1")]
    [InlineData("Endpoint=https://h.services.ai.azure.com/models;AccessKey=k1;Model=m", ModelProvider.AzureInference, "https://h.services.ai.azure.com/models")]
    public void An_endpoint_is_brought_into_its_providers_normal_form(string text, ModelProvider provider, string endpoint)
    {
        ModelConnection.TryParse(text, null, out var connection, out var fault).ShouldBeTrue(fault?.What);
        connection!.Provider.ShouldBe(provider);
        connection.Endpoint.ShouldBe(new Uri(endpoint));
        connection.Model.ShouldBe("m");
    }

    [Fact]
    public void The_target_address_of_the_Azure_portal_names_the_deployment()
    {
        const string Text = "Endpoint=\"https://h.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview\";AccessKey=k1";
        ModelConnection.TryParse(Text, null, out var connection, out _).ShouldBeTrue();
        connection.ShouldBe(new(ModelProvider.AzureOpenAI, new("https://h.openai.azure.com/"), "gpt-4o", "k1"));
    }

    [Theory]
    [InlineData("Endpoint=https://api.openai.com/v1;Key=k1;Model=m")]
    [InlineData("Endpoint=https://h.openai.azure.com/;Key=k1;Deployment=m")]
    [InlineData("Endpoint=https://h.services.ai.azure.com/;EndpointAIInference=https://h.services.ai.azure.com/models;Key=k1;DeploymentId=m")]
    public void Connection_strings_of_Aspires_own_integrations_are_understood(string text)
    {
        ModelConnection.TryParse(text, null, out var connection, out var fault).ShouldBeTrue(fault?.What);
        (connection!.Model, connection.AccessKey).ShouldBe(("m", "k1"));
    }

    [Theory]
    [InlineData("Endpoint=https://api.openai.com/v1;Model=m;Provider=openai")]
    [InlineData("Endpoint=https://api.openai.com/v1;AccessKey=;Model=m")]
    [InlineData("Endpoint=https://h.openai.azure.com;Model=m;Provider=azureopenai")]
    [InlineData("Endpoint=https://h.services.ai.azure.com/models;Model=m;Provider=azureinference")]
    public void A_cloud_provider_asks_for_a_key_that_may_be_kept_apart(string text)
    {
        ModelConnection.TryParse(text, null, out _, out var fault).ShouldBeFalse();
        fault!.What.ShouldContain("no access key");
        ModelConnection.TryParse(text, "k1", out var connection, out _).ShouldBeTrue();
        connection!.AccessKey.ShouldBe("k1");
    }

    [Fact]
    public void A_quoted_access_key_may_hold_a_semicolon()
    {
        ModelConnection.TryParse("Endpoint=http://pc:8000/v1;AccessKey=\"a;b=c\";Model=m", null, out var connection, out _).ShouldBeTrue();
        connection!.AccessKey.ShouldBe("a;b=c");
    }

    [Theory]
    [InlineData("Endpoint=http://pc:8000/v1;AccessKey=abc;" + Canary + "=x;Model=m", "quoted")]
    [InlineData("Endpoint=http://pc:8000/v1;AccessKey=abc;" + Canary + ";Model=m", "quoted")]
    [InlineData(Canary, "Endpoint=")]
    [InlineData("http://" + Canary, "Endpoint=")]
    [InlineData("Endpoint=http://pc:8000/v1;AccessKey=" + Canary + ";Modle=m", "Model")]
    [InlineData("Endpoint=http://pc:8000/v1;AccessKey=" + Canary, "Model=")]
    [InlineData("Model=m;AccessKey=" + Canary, "Endpoint=")]
    [InlineData("Endpoint=" + Canary + ";Model=m", "http://")]
    [InlineData("Endpoint=http://user:" + Canary + "@pc:8000;Model=m", "before the @")]
    [InlineData("Endpoint=http://pc:8000/v1?key=" + Canary + ";Model=m", "?")]
    [InlineData("Endpoint=http://pc:8000/v1;Model=m;Provider=" + Canary, "ollama")]
    [InlineData("Endpoint=http://pc:8000/v1;Model=m;AccessKey=" + Canary + ";Key=other", "Keep one")]
    [InlineData("Endpoint=http://pc:8000/v1;Model=m;AccessKey=" + Canary + " b", "Copy the key again")]
    [InlineData("Endpoint=http://pc:8000/v1;Model=<model>;AccessKey=" + Canary, "Replace")]
    [InlineData("Endpoint=https://<resource>.openai.azure.com;Model=m;AccessKey=" + Canary, "Replace")]
    [InlineData("Endpoint=https://api.openai.com/v1;Model=m;AccessKey=sk-...", "Replace")]
    [InlineData("Endpoint=https://api.openai.com/v1;Model=m;AccessKey=changeme", "Replace")]
    [InlineData("Endpoint=https://api.openai.com/v1;Model=m;AccessKey=your-api-key", "Replace")]
    [InlineData("Endpoint=https://api.openai.com/v1;Model=m;AccessKey=${OPENAI_KEY}", "Replace")]
    [InlineData("\"Endpoint=http://pc:8000/v1;Model=m\"", "quotation marks")]
    public void A_fault_says_how_to_mend_it_and_never_repeats_the_value(string text, string remedy)
    {
        SettingsCatalogue.ChatModel.TryParse(text, out _, out var fault).ShouldBeFalse();
        fault!.Remedy.ShouldContain(remedy);
        $"{fault}".ShouldNotContain(Canary);
    }

    [Theory]
    [InlineData("Endpoint=http://nas:11434/v1;Model=qwen3:8b;Provider=ollama")]
    [InlineData("Endpoint=https://api.openai.com/v1;AccessKey=\"a;b='c\";Model=m;Provider=openai")]
    [InlineData("Endpoint=https://h.openai.azure.com;AccessKey=abc==;Model=m;Provider=azureopenai")]
    public void A_connection_string_survives_being_written_again(string text)
    {
        ModelConnection.TryParse(text, null, out var connection, out _).ShouldBeTrue();
        ModelConnection.TryParse(connection!.ToConnectionString(), null, out var again, out _).ShouldBeTrue();
        again.ShouldBe(connection);
    }
}
