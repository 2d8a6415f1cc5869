namespace Lucia.Publishing.Tests.Compose;

public sealed class SetupScriptTests : IDisposable
{
    private readonly ComposeOutput _house = ComposeOutput.Of("house");
    private readonly string _tools = Directory.CreateTempSubdirectory("lucia-tools-").FullName;

    public void Dispose()
    {
        _house.Dispose();
        Directory.Delete(_tools, recursive: true);
    }

    [Fact]
    public async Task It_makes_what_compose_needs_and_nobody_else_may_read_it()
    {
        await _house.SetUpAsync(TestContext.Current.CancellationToken, ("CHAT_MODEL", "Endpoint=http://x/v1;AccessKey=\"a$b'c\\d\""));

        Secret("redis-password").Length.ShouldBe(32);
        Secret("auth-api-key").Length.ShouldBe(40);
        Secret("chat-model").ShouldBe("Endpoint=http://x/v1;AccessKey=\"a$b'c\\d\"");
        Secret("embedding-model").ShouldBeEmpty("what is optional has to be there for the mount");
        Read(".env").ShouldBe(_house.Text(".env.example"));
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.GetUnixFileMode(At("secrets")).ShouldBe(owner | UnixFileMode.UserExecute);
        File.GetUnixFileMode(At(".env")).ShouldBe(owner);
        foreach (var file in Directory.EnumerateFiles(At("secrets")))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, file);
    }

    [Fact]
    public async Task Running_it_again_changes_nothing()
    {
        await _house.SetUpAsync(TestContext.Current.CancellationToken, ("CHAT_MODEL", "one"));
        File.AppendAllText(At(".env"), "LUCIA_PORT=6000\n");
        var before = Snapshot();

        var again = await RunAsync("", "--no-engine-check");

        again.ExitCode.ShouldBe(0, again.Error);
        again.Output.ShouldNotContain("CHAT_MODEL", customMessage: "nothing is asked for twice");
        Snapshot().ShouldBe(before);
    }

    [Fact]
    public async Task What_nobody_can_generate_is_asked_for_and_never_shown()
    {
        var run = await RunAsync("Endpoint=http://typed\n\nhttp://ha:8123\nha-token\n", "--no-engine-check");

        run.ExitCode.ShouldBe(0, run.Error);
        Secret("chat-model").ShouldBe("Endpoint=http://typed");
        Secret("embedding-model").ShouldBeEmpty();
        Secret("home-assistant-access-token").ShouldBe("ha-token");
        File.ReadAllLines(At(".env")).ShouldContain("HOME_ASSISTANT_BASE_URL=http://ha:8123");
        run.Output.ShouldContain("The chat model as a connection string.");
        (run.Output + run.Error).ShouldNotContain(Secret("redis-password"));
        (run.Output + run.Error).ShouldNotContain("ha-token");
    }

    [Fact]
    public async Task Everything_that_is_missing_is_listed_at_once()
    {
        using var everything = ComposeOutput.Of("everything");

        var run = await RunAsync(everything, "", "--no-engine-check", "--non-interactive");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("secrets/token (or TOKEN in the environment)");
        run.Error.ShouldContain("OUTSIDE_TCP_HOST in .env");
        run.Output.ShouldNotContain("Ready");
    }

    [Fact]
    public async Task A_line_feed_is_no_secret()
    {
        Directory.CreateDirectory(At("secrets"));
        File.WriteAllText(At("secrets/chat-model"), "\n");

        var run = await RunAsync("", "--no-engine-check", "--non-interactive");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("secrets/chat-model");
    }

    [Fact]
    public async Task A_user_who_gives_no_answer_is_told_the_same()
    {
        var run = await RunAsync("", "--no-engine-check");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("secrets/chat-model");
    }

    [Fact]
    public async Task Files_with_values_in_them_are_composed_and_follow_their_values()
    {
        using var corners = ComposeOutput.Of("corners");
        await corners.SetUpAsync(TestContext.Current.CancellationToken, ("GREETING", "hi"), ("KEY", "k&y/ä"));
        string Store() => File.ReadAllText(Path.Combine(corners.Folder, "secrets", "store-etc-store-conf"));
        Store().ShouldBe("url=http://user:k%26y%2F%C3%A4@gate:80/\nkey=k&y/ä");
        File.ReadAllText(Path.Combine(corners.Folder, "secrets", "gate-etc-nginx-level-conf")).ShouldBe("level Info\n");
        File.ReadAllText(Path.Combine(corners.Folder, "secrets", "store-database")).ShouldBe("Host=gate;Key=k&y/ä");

        File.Delete(Path.Combine(corners.Folder, "secrets", "key"));
        File.WriteAllText(Path.Combine(corners.Folder, "secrets", "key"), "new\n");
        File.AppendAllText(Path.Combine(corners.Folder, ".env"), "LEVEL=Debug # loud\n");
        await corners.SetUpAsync(TestContext.Current.CancellationToken);

        Store().ShouldBe("url=http://user:new@gate:80/\nkey=new");
        File.ReadAllText(Path.Combine(corners.Folder, "secrets", "gate-etc-nginx-level-conf")).ShouldBe("level Debug\n");
    }

    [Fact]
    public async Task A_setting_that_a_new_version_brings_is_added_to_an_old_file()
    {
        using var corners = ComposeOutput.Of("corners");
        var file = Path.Combine(corners.Folder, ".env");
        File.WriteAllText(file, "# mine\nLEVEL='Warn'\n");
        await corners.SetUpAsync(TestContext.Current.CancellationToken, ("GREETING", "hi"), ("KEY", "k"));

        File.ReadAllText(file).ShouldBe("# mine\nLEVEL='Warn'\nPATTERN=\"^a{2}\\$ 'x'\"\nGREETING=hi\n");

        File.WriteAllText(file, "PATTERN=\nGREETING=hi\n");
        await corners.SetUpAsync(TestContext.Current.CancellationToken);
        File.ReadAllText(file).ShouldBe("PATTERN=\nGREETING=hi\n", "what is there is kept");
    }

    [Fact]
    public async Task A_secret_that_an_environment_needs_encoded_is_encoded()
    {
        using var everything = ComposeOutput.Of("everything");
        await everything.SetUpAsync(TestContext.Current.CancellationToken, ("TOKEN", "t"), ("OUTSIDE_TCP_HOST", "h"), ("CACHE_PASSWORD", "p/w $1"));

        var lines = File.ReadAllLines(Path.Combine(everything.Folder, ".env"));

        lines.ShouldContain("CACHE_PASSWORD='p/w $1'");
        lines.ShouldContain("CACHE_PASSWORD_URI=p%2Fw%20%241");
    }

    [Theory]
    [InlineData("plain-1.2/3:4@5%6+7,8=9")]
    [InlineData("with space # hash $dollar ${brace} `tick` \"double\"")]
    [InlineData("it's")]
    [InlineData("back\\slash")]
    [InlineData("both ' and \\ and \" and $X and \\n")]
    [InlineData("#begins")]
    [InlineData(" led and trailed ")]
    [InlineData("two\nlines")]
    [InlineData("ümläut €")]
    public async Task A_value_comes_out_of_the_environment_file_as_it_went_in(string value)
    {
        using var corners = ComposeOutput.Of("corners");
        await corners.SetUpAsync(TestContext.Current.CancellationToken, ("GREETING", value), ("KEY", "k"));
        var script = Path.Combine(corners.Folder, "read.sh");
        File.WriteAllText(script, $"set -eu\n{Lucia.Publishing.Compose.EnvFileFunctions.Read}\nenv_value GREETING\n");

        var read = await Command.RunAsync("dash", [script], corners.Folder, TestContext.Current.CancellationToken);
        read.Output.ShouldBe(value);

        await Engine.NeedComposeAsync();
        var config = await Command.RunAsync("docker", ["compose", "config", "--format", "json"], corners.Folder, TestContext.Current.CancellationToken);
        using var json = System.Text.Json.JsonDocument.Parse(config.Output);
        json.RootElement.GetProperty("services").GetProperty("gate").GetProperty("environment").GetProperty("GREETING").GetString()!
            .Replace("$$", "$").ShouldBe($"Say {value}, ^a{{2}}$ 'x'!");
    }

    [Theory]
    [InlineData("1", "AGENTHOST_CPUS=1", "OLLAMA_CPUS=1")]
    [InlineData("2", "OLLAMA_CPUS=2")]
    [InlineData("4")]
    [InlineData("0")]
    public async Task A_limit_above_what_the_machine_has_gives_way(string cores, params string[] expected)
    {
        FakeDocker($"case $* in *version*) echo 2.26.1 ;; *NCPU*) echo {cores} ;; esac");

        var run = await Command.RunAsync(
            "dash", ["setup.sh", "--non-interactive"], _house.Folder, TestContext.Current.CancellationToken,
            path: $"{_tools}:{Environment.GetEnvironmentVariable("PATH")}", environment: ("CHAT_MODEL", "x"));

        run.ExitCode.ShouldBe(0, run.Error);
        File.ReadAllLines(At(".env")).Where(static l => l.Contains("_CPUS=") && l[0] != '#').ShouldBe(expected, ignoreOrder: true);
    }

    [Theory]
    [InlineData(null, "docker is not on PATH")]
    [InlineData("exit 1", "Install the compose plugin")]
    [InlineData("echo 1.29.2", "1.29.2 is too old; 2.20 or newer is needed")]
    [InlineData("echo v2.19.0", "2.19.0 is too old")]
    [InlineData("echo unknown", "cannot be read")]
    [InlineData("echo v2.20.0", null)]
    [InlineData("echo 2.26.1-4", null)]
    [InlineData("echo 5.0.0", null)]
    public async Task An_engine_that_will_not_do_is_told_before_anything_is_written(string? docker, string? complaint)
    {
        Command.Need("dash");
        foreach (var tool in new[] { "awk", "cat", "chmod", "cmp", "cp", "cut", "dirname", "grep", "head", "id", "mkdir", "mv", "od", "rm", "sed", "tr", "wc" })
            File.CreateSymbolicLink(Path.Combine(_tools, tool), Command.Find(tool)!);
        if (docker is not null)
            FakeDocker(docker);

        var run = await Command.RunAsync("dash", ["setup.sh", "--non-interactive"], _house.Folder, TestContext.Current.CancellationToken, path: _tools, environment: ("CHAT_MODEL", "x"));

        run.ExitCode.ShouldBe(complaint is null ? 0 : 1, run.Error);
        File.Exists(At(".env")).ShouldBe(complaint is null);
        if (complaint is not null)
            run.Error.ShouldContain(complaint);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        foreach (var folder in new[] { _house.Folder, Path.GetDirectoryName(_house.Folder)! })
            Command.SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        // Nothing is read-only to root.
        string[] nobody = Environment.IsPrivilegedProcess ? ["--reuid=65534", "--regid=65534", "--clear-groups", "dash"] : ["dash"];

        var run = await Command.RunAsync(
            Environment.IsPrivilegedProcess ? "setpriv" : "env", [.. nobody, "setup.sh", "--no-engine-check", "--non-interactive"], _house.Folder, TestContext.Current.CancellationToken);
        foreach (var folder in new[] { Path.GetDirectoryName(_house.Folder)!, _house.Folder })
            Command.SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain($"the folder '{_house.Folder}' or secrets in it cannot be written by");
        File.Exists(At(".env")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_secret_is_named()
    {
        Directory.CreateDirectory(At("secrets/redis-password"));

        var run = await RunAsync("x\n", "--no-engine-check");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("rmdir secrets/redis-password");
    }

    [Fact]
    public async Task Help_and_wrong_options_do_nothing()
    {
        var help = await RunAsync("", "--help");
        var wrong = await RunAsync("", "--frce");

        (help.ExitCode, wrong.ExitCode).ShouldBe((0, 1));
        help.Output.ShouldContain("--non-interactive");
        wrong.Error.ShouldContain("there is no option '--frce'");
        File.Exists(At(".env")).ShouldBeFalse();
    }

    private void FakeDocker(string script)
    {
        var fake = Path.Combine(_tools, "docker");
        File.WriteAllText(fake, $"#!/bin/sh\n{script}\n");
        Command.SetMode(fake, Lucia.Publishing.Output.OutputFile.Executable);
    }

    private Task<Command> RunAsync(string input, params string[] options) => RunAsync(_house, input, options);

    private static Task<Command> RunAsync(ComposeOutput output, string input, params string[] options) =>
        Command.RunAsync("dash", ["setup.sh", .. options], output.Folder, TestContext.Current.CancellationToken, input);

    private string At(string path) => Path.Combine(_house.Folder, path);

    private string Read(string path) => File.ReadAllText(At(path));

    private string Secret(string key) => Read("secrets/" + key);

    private string[] Snapshot() =>
    [
        .. Directory.EnumerateFiles(_house.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(static path => $"{path} {File.GetLastWriteTimeUtc(path):O} {File.ReadAllText(path)}"),
    ];
}
