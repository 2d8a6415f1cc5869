using System.Text;
using Lucia.Settings;

namespace Lucia.AppHost;

/// <summary>
/// A response file for <c>aspirate generate</c>. Aspirate 9.1 knows two kinds of parameters: those with a default, for which it generates a password
/// whatever the default is, and those it asks for and that must not be empty. So every setting but the chat model is handed to it with its own default.
/// </summary>
internal static class AspirateParameters
{
    /// <summary>The file: comments, and one option a line in one word, which is how both <c>dotnet aspirate</c> and <c>dotnet tool run aspirate</c> read it.</summary>
    public static string Write()
    {
        var file = new StringBuilder("""
            # The settings for "aspirate generate @aspirate.rsp". Copy this file, fill in what you need and give Aspirate the copy.
            # An empty value is no value. The chat model is asked for, or given: --parameter "chat-model=Endpoint=...;Model=..."
            # The access key of the service and the password of Redis are generated.

            """);
        foreach (var setting in SettingsCatalogue.All.Where(IsGiven))
        {
            file.Append("\n# ").Append(setting.Description.ReplaceLineEndings(" ")).Append("\n--parameter=").Append(setting.ParameterName).Append('=')
                .Append(setting.Secret ? "" : setting.Default).Append('\n');
        }

        return file.ToString();
    }

    private static bool IsGiven(Setting setting) =>
        HouseSettings.IsPublished(setting) && setting != SettingsCatalogue.ChatModel && setting != SettingsCatalogue.AuthApiKey;
}
