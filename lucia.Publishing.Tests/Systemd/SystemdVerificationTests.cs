using System.Globalization;
using System.Text.RegularExpressions;
using Lucia.Publishing.Output;
using static Lucia.Publishing.Tests.Systemd.SystemdSamples;

namespace Lucia.Publishing.Tests.Systemd;

/// <summary>What systemd itself says to the units.</summary>
public sealed partial class SystemdVerificationTests
{
    /// <summary>Every setting in use, with the version of systemd that brought it (NEWS of the systemd project); none may be newer than 249.</summary>
    private static readonly Dictionary<string, int> Directives = """
        1: Description Wants After Requires WantedBy Type NotifyAccess ExecStart WorkingDirectory Restart RestartSec SyslogIdentifier
        1: Environment EnvironmentFile CapabilityBoundingSet PrivateTmp LimitCORE UMask ListenStream FreeBind
        183: WatchdogSec
        187: PartOf NoNewPrivileges SystemCallFilter
        188: TimeoutStartSec TimeoutStopSec
        189: SuccessExitStatus RestartPreventExitStatus
        201: Documentation
        208: DevicePolicy
        209: PrivateDevices SystemCallArchitectures SystemCallErrorNumber
        211: RestrictAddressFamilies
        213: CPUQuota
        214: ProtectSystem ProtectHome
        227: TasksMax
        229: AmbientCapabilities
        230: StartLimitIntervalSec StartLimitBurst
        231: MemoryMax RestrictRealtime MemoryDenyWriteExecute
        232: DynamicUser MemorySwapMax ProtectKernelModules ProtectKernelTunables ProtectControlGroups PrivateUsers RemoveIPC
        233: RestrictNamespaces
        235: StateDirectory StateDirectoryMode KeyringMode LockPersonality IPAddressDeny IPAddressAllow
        239: PrivateMounts
        242: ProtectHostname RestrictSUIDSGID
        243: OOMPolicy TimeoutAbortSec
        244: ProtectKernelLogs
        245: ProtectClock
        247: LoadCredential ProtectProc ProcSubset
        248: PrivateIPC
        """.Split('\n').Select(static line => line.Split(':')).SelectMany(static line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => (Name: name.Trim(), Version: int.Parse(line[0], CultureInfo.InvariantCulture)))).ToDictionary(static d => d.Name, static d => d.Version);

    /// <summary>The keys of Podman 4.4's generator (pkg/systemd/quadlet); it refuses a unit with any other.</summary>
    private static readonly string[] QuadletKeys =
    [
        "Image", "ContainerName", "Network", "PublishPort", "Environment", "Volume", "NoNewPrivileges", "DropCapability", "AddCapability",
        "User", "Group", "ReadOnly", "RunInit", "PodmanArgs", "Notify", "Exec", "Subnet", "Gateway",
    ];

    public static TheoryData<string> All() => [.. Names];

    [Theory, MemberData(nameof(All))]
    public void No_setting_is_newer_than_249(string name)
    {
        foreach (var file in Published(name).Units())
        {
            foreach (Match line in Setting().Matches(file.Text))
                Directives.GetValueOrDefault(line.Groups["name"].Value, int.MaxValue).ShouldBeLessThanOrEqualTo(249, $"{file.Path}: {line.Value}");
            file.Text.ShouldNotContain("%d");
        }
    }

    [Theory, MemberData(nameof(All))]
    public void No_quadlet_key_is_newer_than_Podman_4_4(string name)
    {
        foreach (var file in Published(name).Files.Where(static f => f.Path.StartsWith("quadlet/", StringComparison.Ordinal)))
        {
            var section = "";
            foreach (var line in file.Text.Split('\n'))
            {
                if (line.StartsWith('['))
                    section = line;
                else if (section is "[Container]" or "[Network]" or "[Volume]" && Setting().Match(line) is { Success: true } setting)
                    QuadletKeys.ShouldContain(setting.Groups["name"].Value, file.Path);
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task Systemd_has_nothing_to_say(string name)
    {
        using var folder = new TemporaryFolder();
        var units = new List<string>();
        foreach (var file in Published(name).Units())
        {
            var path = Path.Combine(folder.Path, Path.GetFileName(file.Path));
            // Programs that this machine does not have would be complained of.
            await File.WriteAllTextAsync(path, Program().Replace(file.Text, "${start}/bin/true"), TestContext.Current.CancellationToken);
            units.Add(path);
        }

        var ran = await Ran.ToEndAsync("systemd-analyze", ["verify", "--man=no", .. units]);

        ran.All.ShouldBeEmpty();
        ran.Well();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_service_is_exposed_by_at_most_1_5(string name)
    {
        using var folder = new TemporaryFolder();
        var output = Published(name);
        output.WriteTo(folder.Path);
        foreach (var file in output.Units().Where(static f => f.Path.EndsWith(".service", StringComparison.Ordinal)))
        {
            var ran = await Ran.ToEndAsync("systemd-analyze", ["security", "--offline=true", "--threshold=15", "--no-pager", Path.Combine(folder.Path, file.Path)]);

            ran.ExitCode.ShouldBe(0, $"{file.Path}: {ran.Output.Split('\n').LastOrDefault(static l => l.Contains("Overall", StringComparison.Ordinal))}{ran.Error}");
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task Podman_makes_a_service_of_every_container(string name) => await GenerateAsync(Published(name));

    [Theory, MemberData(nameof(All))]
    public async Task Shellcheck_has_nothing_to_say(string name)
    {
        using var folder = new TemporaryFolder();
        Published(name).WriteTo(folder.Path);
        var scripts = Directory.EnumerateFiles(folder.Path, "*.sh").Concat(Directory.EnumerateFiles(folder.Path, "with-secrets", SearchOption.AllDirectories)).ToList();

        var ran = await Ran.ToEndAsync("shellcheck", ["--shell=sh", "--severity=style", .. scripts]);

        ran.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("07")]
    [InlineData("10")]
    [InlineData("11")]
    [InlineData("12")]
    [InlineData("13")]
    [InlineData("17")]
    [InlineData("19")]
    public async Task A_public_manifest_is_published_with_nothing_left_open(string number)
    {
        var folder = Environment.GetEnvironmentVariable("LUCIA_MANIFESTS");
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("LUCIA_MANIFESTS names no folder of public manifests.");
        var json = await File.ReadAllTextAsync(Directory.EnumerateFiles(folder, number + "-*.json").Single(), TestContext.Current.CancellationToken);
        var output = PublishedJson(json);

        var (plan, _) = Planning.Try(json);
        foreach (var file in output.Files)
        {
            foreach (Match braces in Braces().Matches(file.Text))
                plan!.ResourceNames.ShouldNotContain(braces.Groups["name"].Value, $"{file.Path}: {braces.Value}");
        }
        using var units = new TemporaryFolder();
        output.WriteTo(units.Path);
        (await Ran.ToEndAsync("sh", ["-n", Path.Combine(units.Path, "install.sh")])).Well();
        if (Quadlet is not null && output.Files.Any(static f => f.Path.EndsWith(".container", StringComparison.Ordinal)))
            await GenerateAsync(output);
    }

    /// <summary>Podman's generator: <c>LUCIA_QUADLET</c>, or where packages put it.</summary>
    private static string? Quadlet => new[]
    {
        Environment.GetEnvironmentVariable("LUCIA_QUADLET"), "/usr/libexec/podman/quadlet", "/usr/lib/podman/quadlet",
    }.FirstOrDefault(File.Exists);

    private static async Task GenerateAsync(OutputFolder output)
    {
        if (Quadlet is not { } quadlet)
        {
            var reason = Environment.GetEnvironmentVariable("LUCIA_QUADLET_MISSING");
            Assert.Skip(reason is { Length: > 0 } ? reason : "Podman's generator is not on this machine: LUCIA_QUADLET=$(eng/quadlet-generator) brings it.");
            return;
        }
        using var folder = new TemporaryFolder();
        output.WriteTo(folder.Path);
        var units = Path.Combine(folder.Path, "quadlet");
        if (!Directory.Exists(units))
            return;

        var ran = (await Ran.ToEndAsync(quadlet, ["--dryrun"], environment: new Dictionary<string, string> { ["QUADLET_UNIT_DIRS"] = units })).Well();

        var complaints = ran.All.Split('\n').Where(static l => l.StartsWith("quadlet-generator", StringComparison.Ordinal) && !l.Contains("Loading source unit file", StringComparison.Ordinal));
        complaints.ShouldBeEmpty();
        foreach (var container in Directory.EnumerateFiles(units, "*.container"))
            ran.Output.ShouldContain($"---{Path.GetFileNameWithoutExtension(container)}.service---");
    }

    [GeneratedRegex("^(?<name>[A-Z][A-Za-z0-9]*)=", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<start>^ExecStart=| \\\n    )/(?:opt|usr/lib/systemd)/[^ \n]+", RegexOptions.Multiline)]
    private static partial Regex Program();

    [GeneratedRegex(@"(?<!\$)\{(?<name>[A-Za-z][A-Za-z0-9_-]*)\.[^}\s]*\}")]
    private static partial Regex Braces();
}
