using System.Runtime.InteropServices;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Dashboard;

/// <summary>The official Aspire dashboard as this machine has it. No key of a run is in an argument: all are in the environment.</summary>
internal abstract class DashboardProgram
{
    internal const string Missing =
        "No dashboard: there is no `aspire` on PATH or in node_modules, and no container engine answers. "
        + "`npm install` in the repository brings it on Linux x64, https://aspire.dev/get-started/install-cli elsewhere; --no-dashboard does without.";

    /// <summary>The Aspire CLI as this machine has it: on PATH, then as npm installed it beside the AppHost.</summary>
    /// <param name="appHostDirectory">Where the search for <c>node_modules</c> begins; it goes up.</param>
    internal static IEnumerable<DashboardProgram> Installed(string appHostDirectory) =>
        new[] { Programs.Find("aspire"), FindInNodeModules(appHostDirectory) }.OfType<string>().Distinct().Select(program => new Cli(program));

    /// <summary>The dashboard's image, run by an engine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="scope">Tells runs apart that may be there at the same time.</param>
    internal static DashboardProgram In(ContainerEngine engine, string scope) => new Image(engine, scope);

    /// <summary>How it is started; what it is told in secret is named as such.</summary>
    internal LaunchPlan Plan(DashboardSettings settings) => Start(settings) with { Secrets = settings.Keys.All };

    /// <summary>Removes what an earlier start left behind beyond its process.</summary>
    internal virtual Task RemoveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets that be removed without waiting for it.</summary>
    internal virtual void RemoveNow()
    {
    }

    private protected abstract LaunchPlan Start(DashboardSettings settings);

    /// <summary>The package of <c>@microsoft</c> that holds the CLI for this machine.</summary>
    internal static string NpmPackage
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"aspire-cli-{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static string? FindInNodeModules(string directory)
    {
        var program = Path.Combine("node_modules", "@microsoft", NpmPackage, "bin", OperatingSystem.IsWindows() ? "aspire.exe" : "aspire");
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            var found = Path.Combine(at.FullName, program);
            if (Programs.IsExecutable(found))
                return found;
        }

        return null;
    }

    /// <summary>The dashboard that comes with the Aspire CLI.</summary>
    private sealed class Cli(string program) : DashboardProgram
    {
        private protected override LaunchPlan Start(DashboardSettings settings)
        {
            var environment = LaunchPlanner.Inherited(settings.Variables(settings.Resources));
            // Set for another dashboard, they would come before the arguments.
            foreach (var foreign in new[] { "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS" })
                environment[foreign] = null;
            // It writes what its dashboard says to a file, the login address included; and it would ask the internet for news of itself.
            environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true";
            environment["features__updateNotificationsEnabled"] = "false";
            // It unpacks itself there, once.
            if (!Directory.Exists(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)))
                environment["HOME"] = settings.Directory;
            return new LaunchPlan(
                program,
                [
                    "dashboard", "run", "--nologo", "--non-interactive", "--log-file", OperatingSystem.IsWindows() ? "NUL" : "/dev/null",
                    "--frontend-url", Bare(settings.Addresses.PagesAddress),
                    "--otlp-grpc-url", Bare(settings.Addresses.GrpcAddress),
                    "--otlp-http-url", Bare(settings.Addresses.HttpAddress)
                ],
                settings.Directory,
                environment);
        }

        public override string ToString() => program;
    }

    /// <summary>The dashboard's container image.</summary>
    private sealed class Image(ContainerEngine engine, string scope) : DashboardProgram
    {
        private protected override LaunchPlan Start(DashboardSettings settings)
        {
            // Where containers run in a machine of their own, its ports are forwarded, and its name for this machine reaches the loopback interface.
            var isShared = OperatingSystem.IsLinux();
            var (pages, grpc, http) = isShared
                ? (settings.Addresses.PagesAddress, settings.Addresses.GrpcAddress, settings.Addresses.HttpAddress)
                : (Anywhere(settings.Addresses.Pages), Anywhere(settings.Addresses.Grpc), Anywhere(settings.Addresses.Http));
            var environment = settings.Variables(isShared ? settings.Resources : new UriBuilder(settings.Resources) { Host = "host.docker.internal" }.Uri);
            environment["ASPNETCORE_URLS"] = Bare(pages);
            environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Bare(grpc);
            environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = Bare(http);
            int[] ports = isShared ? [] : [settings.Addresses.Pages, settings.Addresses.Grpc, settings.Addresses.Http];
            return engine.PlanDashboard(scope, ports, settings.Directory, environment);
        }

        internal override Task RemoveAsync(CancellationToken cancellationToken) => engine.RemoveDashboardAsync(scope, cancellationToken);

        internal override void RemoveNow() => engine.RemoveDashboardNow(scope);

        public override string ToString() => $"its image in {engine.Program}";

        private static Uri Anywhere(int port) => new($"http://0.0.0.0:{port}");
    }

    private static string Bare(Uri address) => address.GetLeftPart(UriPartial.Authority);
}

/// <summary>What a dashboard is told.</summary>
/// <param name="Addresses">Where it listens.</param>
/// <param name="Keys">What it asks for and what it sends.</param>
/// <param name="Resources">Where the resource service listens.</param>
/// <param name="Directory">Where it runs.</param>
internal sealed record DashboardSettings(DashboardAddresses Addresses, DashboardKeys Keys, Uri Resources, string Directory)
{
    /// <summary>The dashboard's settings as variables. The CLI overrides keys that it does not find spelled like this.</summary>
    internal Dictionary<string, string?> Variables(Uri resources) => new()
    {
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = resources.GetLeftPart(UriPartial.Authority),
        ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = Keys.Resources,
        ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = Keys.Telemetry,
        ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
        ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = Keys.Browser,
        ["DASHBOARD__API__ENABLED"] = "true",
        ["DASHBOARD__API__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__API__PRIMARYAPIKEY"] = Keys.Api
    };
}
