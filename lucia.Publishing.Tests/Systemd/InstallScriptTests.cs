using static Lucia.Publishing.Tests.Systemd.SystemdSamples;

namespace Lucia.Publishing.Tests.Systemd;

/// <summary>
/// The installer below a folder of its own (<c>--root</c>): files, checks, command line. What needs a running systemd is in <see cref="MachineTests"/>.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class InstallScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Bundle => Path.Combine(_folder.Path, "bundle");

    private string Root => Path.Combine(_folder.Path, "root");

    public InstallScriptTests()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The installer is for Linux.");
        Published("greeter").WriteTo(Bundle);
        foreach (var (name, program) in new[] { ("greeter", "greet.sh"), ("bystander", "stand-by.sh") })
        {
            var path = Path.Combine(Bundle, "app", name, program);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Path.Combine(Folder, "Manifests", "greeter", program), path);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        Directory.CreateDirectory(Root);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_names_every_command()
    {
        var help = (await InstallAsync("--help")).Well().Output;

        foreach (var command in new[] { "install", "upgrade", "rollback", "uninstall", "doctor", "status", "set NAME", "--external-redis", "--purge", "--dry-run" })
            help.ShouldContain(command);
    }

    [Theory]
    [InlineData("--sideways")]
    [InlineData("--external-postgres")]
    [InlineData("install", "doctor")]
    [InlineData("--root")]
    public async Task A_wrong_command_line_is_refused(params string[] arguments) =>
        (await Ran.ToEndAsync("sh", [Path.Combine(Bundle, "install.sh"), .. arguments])).ExitCode.ShouldBe(2);

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        var ran = (await InstallAsync("--dry-run")).Well();

        ran.Output.ShouldContain("would write: " + Root + "/etc/systemd/system/greeter.service");
        Directory.EnumerateFileSystemEntries(Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_makes_every_file_with_its_mode()
    {
        await WellAsync();

        Mode("etc/greeter").ShouldBe("rwx------");
        Mode("etc/greeter/greeter.env").ShouldBe("rw-------");
        foreach (var name in new[] { "greeter-key", "db-key", "redis-password" })
            Mode("etc/greeter/credentials/" + name).ShouldBe("rw-------");
        Read("etc/greeter/credentials/greeter-key").ShouldBeEmpty("what is not set is there and empty");
        Read("etc/greeter/credentials/redis-password").Length.ShouldBe(40);
        Read("etc/greeter/composed/greeter-redis.redis.conf").ShouldContain($"requirepass \"{Read("etc/greeter/credentials/redis-password")}\"\n");
        Read("etc/greeter/composed/greeter-bystander.environment").ShouldBe($"ConnectionStrings__my-db=Host=db;Password={Read("etc/greeter/credentials/db-key")}\0");
        Read("etc/systemd/system/greeter.service").ShouldBe(Published("greeter").Text("units/greeter.service"));
        File.Exists(At("opt/greeter/current/app/greeter/greet.sh")).ShouldBeTrue();
    }

    [Fact]
    public async Task Twice_changes_nothing()
    {
        await WellAsync();
        var before = Snapshot();

        await WellAsync();

        Snapshot().ShouldBe(before);
    }

    [Fact]
    public async Task What_a_person_wrote_stays()
    {
        await WellAsync();
        await File.WriteAllTextAsync(At("etc/greeter/greeter.env"), "Greeter__Word=\"good $day\"\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(At("etc/greeter/credentials/redis-password"), "mine\n", TestContext.Current.CancellationToken);

        NewVersion();
        await WellAsync();

        Read("etc/greeter/greeter.env").ShouldBe("Greeter__Word=\"good $day\"\n");
        Read("etc/greeter/credentials/redis-password").ShouldBe("mine\n");
        Read("etc/greeter/composed/greeter-redis.redis.conf").ShouldContain("requirepass \"mine\"\n");
    }

    [Theory]
    [InlineData("a\"b\\c$d`e'f #g%")]
    [InlineData("plain")]
    public async Task A_secret_with_any_character_reaches_its_file(string value)
    {
        await WellAsync();

        (await InstallAsync("set", "greeter-key", input: value + "\n")).Well();

        Read("etc/greeter/credentials/greeter-key").ShouldBe(value);
        Read("etc/greeter/composed/greeter-bystander.env")
            .ShouldBe($"PLAIN=\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("$", "\\$").Replace("`", "\\`")}\"\n");
    }

    [Fact]
    public async Task An_unknown_secret_is_refused()
    {
        await WellAsync();

        var ran = await InstallAsync("set", "no-such", input: "x\n");

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain("there is no secret 'no-such'");
        (await InstallAsync("set")).Well().Output.ShouldContain("greeter-key");
    }

    [Fact]
    public async Task An_upgrade_keeps_the_release_before_and_rollback_goes_back()
    {
        await WellAsync();
        var first = Current();
        NewVersion();
        (await InstallAsync("upgrade")).Well();
        var second = Current();
        second.ShouldNotBe(first);
        Read("etc/systemd/system/greeter.service").ShouldContain("# newer");

        (await InstallAsync("rollback")).Well();

        Current().ShouldBe(first);
        Read("etc/systemd/system/greeter.service").ShouldNotContain("# newer");
        (await InstallAsync("rollback")).Well();
        Current().ShouldBe(second, "there and back again");
    }

    [Fact]
    public async Task An_upgrade_takes_away_what_the_new_release_lacks()
    {
        const string two = """
            { "resources": {
              "a": { "type": "executable.v0", "workingDirectory": "a", "command": "./a.sh" },
              "b": { "type": "executable.v0", "workingDirectory": "b", "command": "./b.sh" },
              "c": { "type": "container.v0", "image": "acme/c:1" },
              "d": { "type": "lucia.deployment.v0", "application": "shop", "version": "1.0.0" } } }
            """;
        const string one = """
            { "resources": {
              "a": { "type": "executable.v0", "workingDirectory": "a", "command": "./a.sh" },
              "d": { "type": "lucia.deployment.v0", "application": "shop", "version": "2.0.0" } } }
            """;
        var (before, after) = (Path.Combine(_folder.Path, "before"), Path.Combine(_folder.Path, "after"));
        foreach (var (json, bundle) in new[] { (two, before), (one, after) })
        {
            PublishedJson(json).WriteTo(bundle);
            foreach (var name in new[] { "a", "b" })
            {
                var program = Path.Combine(Directory.CreateDirectory(Path.Combine(bundle, "app", name)).FullName, name + ".sh");
                await File.WriteAllTextAsync(program, "#!/bin/sh\n", TestContext.Current.CancellationToken);
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }
        string[] Placed() => [.. new[] { "etc/systemd/system", "etc/containers/systemd" }.SelectMany(f => Directory.EnumerateFiles(At(f))).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        (await Ran.ToEndAsync("sh", [Path.Combine(before, "install.sh"), "--root", Root])).Well();
        Placed().ShouldBe(["shop-a.service", "shop-b.service", "shop-c.container", "shop.network", "shop.target"]);

        (await Ran.ToEndAsync("sh", [Path.Combine(after, "install.sh"), "upgrade", "--root", Root])).Well();

        Placed().ShouldBe(["shop-a.service", "shop.target"]);
        (await Ran.ToEndAsync("sh", [Path.Combine(after, "install.sh"), "rollback", "--root", Root])).Well();
        Placed().ShouldBe(["shop-a.service", "shop-b.service", "shop-c.container", "shop.network", "shop.target"]);
    }

    [Fact]
    public async Task A_key_of_many_lines_is_kept_whole()
    {
        await WellAsync();

        (await InstallAsync("set", "greeter-key", input: "-----BEGIN KEY-----\nabc\n-----END KEY-----\n")).Well();

        Read("etc/greeter/credentials/greeter-key").ShouldBe("-----BEGIN KEY-----\nabc\n-----END KEY-----");
    }

    [Fact]
    public async Task A_line_feed_is_no_secret()
    {
        await WellAsync();
        await File.WriteAllTextAsync(At("etc/greeter/credentials/redis-password"), "\n", TestContext.Current.CancellationToken);

        (await InstallAsync("set")).Well().Output.Split('\n').Single(static l => l.Contains("redis-password", StringComparison.Ordinal)).ShouldEndWith("not set");
        await WellAsync();

        Read("etc/greeter/credentials/redis-password").Length.ShouldBe(40, "it is generated anew");
    }

    [Fact]
    public async Task An_upgrade_of_nothing_and_a_rollback_to_nothing_are_refused()
    {
        (await InstallAsync("upgrade")).Error.ShouldContain("greeter is not installed");
        await WellAsync();

        var ran = await InstallAsync("rollback");

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain("no earlier release");
    }

    [Fact]
    public async Task Uninstall_keeps_what_is_the_users_and_purge_does_not()
    {
        await WellAsync();
        (await InstallAsync("uninstall")).Well();
        Directory.Exists(At("opt/greeter")).ShouldBeFalse();
        Directory.EnumerateFiles(At("etc/systemd/system")).ShouldBeEmpty();
        var password = Read("etc/greeter/credentials/redis-password");

        await WellAsync();
        Read("etc/greeter/credentials/redis-password").ShouldBe(password);
        (await InstallAsync("uninstall", "--purge")).Well();

        Directory.Exists(At("etc/greeter")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_own_Redis_takes_the_place_of_the_units()
    {
        (await InstallAsync("--external-redis")).Well();

        File.Exists(At("etc/systemd/system/greeter-redis.service")).ShouldBeFalse();
        Read("etc/systemd/system/greeter.service.d/50-external.conf").ShouldBe("[Unit]\nAfter=redis.service redis-server.service valkey.service\n");
        await WellAsync();
        File.Exists(At("etc/systemd/system/greeter-redis.service")).ShouldBeFalse("the choice is remembered");

        (await InstallAsync("--own-redis")).Well();

        File.Exists(At("etc/systemd/system/greeter-redis.service")).ShouldBeTrue();
        File.Exists(At("etc/systemd/system/greeter.service.d/50-external.conf")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_own_Redis_needs_its_address()
    {
        var house = Path.Combine(_folder.Path, "house");
        Published("house").WriteTo(house);
        var program = Path.Combine(house, "app/lucia.AgentHost");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        await File.WriteAllTextAsync(program, "#!/bin/sh\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string[] arguments = [Path.Combine(house, "install.sh"), "--root", Root];

        (await Ran.ToEndAsync("sh", arguments)).Well().Output.ShouldNotContain("ConnectionStrings__redis");
        (await Ran.ToEndAsync("sh", [.. arguments, "--external-redis"])).Well().Output.ShouldContain("ConnectionStrings__redis: in /etc/lucia/lucia.env");
        await File.AppendAllTextAsync(At("etc/lucia/lucia.env"), "ConnectionStrings__redis=10.0.0.1:6379\n", TestContext.Current.CancellationToken);
        (await Ran.ToEndAsync("sh", arguments)).Well().Output.ShouldNotContain("ConnectionStrings__redis");
    }

    [Theory]
    [InlineData("units/greeter.service", "the bundle is not complete: units/greeter.service")]
    [InlineData("app/greeter/greet.sh", "the application is not in the bundle: app/greeter/greet.sh")]
    [InlineData("greeter.env.example", "the bundle is not complete: greeter.env.example")]
    public async Task A_bundle_that_lacks_a_file_changes_nothing(string path, string complaint)
    {
        File.Delete(Path.Combine(Bundle, path));

        var ran = await InstallAsync();

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain(complaint);
        ran.Error.ShouldContain("Nothing was changed.");
        Directory.EnumerateFileSystemEntries(Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_program_for_another_machine_is_refused()
    {
        var header = new byte[64];
        "\u007fELF"u8.CopyTo(header);
        header[18] = (byte)(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64 ? 183 : 62);
        await File.WriteAllBytesAsync(Path.Combine(Bundle, "app/greeter/greet.sh"), header, TestContext.Current.CancellationToken);

        (await InstallAsync()).Error.ShouldContain("is made for");
        Directory.EnumerateFileSystemEntries(Root).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("systemctl", "#!/bin/sh\necho 'systemd 247 (247.3-7)'\n", "systemd 247 is too old: 249 or newer is needed")]
    [InlineData("id", "#!/bin/sh\necho 1000\n", "this needs root")]
    public async Task A_host_that_cannot_run_it_is_told_why(string program, string script, string complaint)
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(programs, program), script, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(programs, program), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var environment = new Dictionary<string, string> { ["PATH"] = programs + ":" + Environment.GetEnvironmentVariable("PATH") };

        var ran = await Ran.ToEndAsync("sh", [Path.Combine(Bundle, "install.sh"), "install", "--dry-run"], environment: environment);

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain(complaint);
        ran.Error.ShouldContain("Nothing was changed.");
    }

    [Theory]
    [InlineData("4.3.1", "Podman 4.3.1 is too old")]
    [InlineData("4.4.0", "the image localhost/worker:latest is not here")]
    public async Task Containers_need_a_Podman_that_knows_Quadlet(string version, string complaint)
    {
        var bundle = Path.Combine(_folder.Path, "everything");
        Published("everything").WriteTo(bundle);
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(programs, "podman"), $"#!/bin/sh\ncase $1 in --version) echo 'podman version {version}' ;; *) exit 1 ;; esac\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(programs, "podman"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var environment = new Dictionary<string, string> { ["PATH"] = programs + ":" + Environment.GetEnvironmentVariable("PATH") };

        var ran = await Ran.ToEndAsync("sh", [Path.Combine(bundle, "install.sh"), "--dry-run"], environment: environment);

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain(complaint);
        ran.Error.ShouldContain("app/web/Web is missing", customMessage: "all problems are told at once");
        ran.Error.Contains("too old: Quadlet", StringComparison.Ordinal).ShouldBe(version == "4.3.1");
    }

    [Fact]
    public async Task A_bundle_without_its_own_dotnet_asks_for_it()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Bundle, "app/greeter/greeter.runtimeconfig.json"),
            """{ "runtimeOptions": { "frameworks": [ { "name": "Microsoft.NETCore.App", "version": "99.1.0" }, { "name": "Microsoft.AspNetCore.App", "version": "99.1.0" } ] } }""",
            TestContext.Current.CancellationToken);

        var ran = await Ran.ToEndAsync("sh", [Path.Combine(Bundle, "install.sh"), "--dry-run"]);

        ran.ExitCode.ShouldBe(1);
        ran.Error.ShouldContain("Microsoft.AspNetCore.App 99.1 is not installed");
    }

    private Task<Ran> InstallAsync(params string[] arguments) => InstallAsync(arguments, "");

    private Task<Ran> InstallAsync(string command, string name, string input) => InstallAsync([command, name], input);

    private Task<Ran> InstallAsync(string[] arguments, string input) =>
        Ran.ToEndAsync("sh", [Path.Combine(Bundle, "install.sh"), "--root", Root, .. arguments], input);

    private async Task WellAsync() => (await InstallAsync()).Well();

    private void NewVersion()
    {
        var unit = Path.Combine(Bundle, "units/greeter.service");
        File.AppendAllText(unit, "# newer\n");
    }

    private string At(string path) => Path.Combine(Root, path);

    private string Read(string path) => File.ReadAllText(At(path));

    private string Current() => new FileInfo(At("opt/greeter/current")).LinkTarget!;

    private string Mode(string path)
    {
        var mode = (int)File.GetUnixFileMode(At(path));
        return string.Concat("rwxrwxrwx".Select((c, i) => (mode & (256 >> i)) != 0 ? c : '-'));
    }

    private List<string> Snapshot() =>
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{f} {File.GetUnixFileMode(f)} {File.GetLastWriteTimeUtc(f):O} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}"),
    ];
}
