namespace Aspire.Hosting.Running;

/// <summary>Tells a person in a terminal what happens: every line begins with the resource it is about.</summary>
internal sealed class RunConsole(IEnumerable<IResource> resources, bool isOn)
{
    private static readonly string[] Colours = ["36", "35", "32", "34", "33", "96", "95", "92"];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _states = [];
    private readonly int _width = resources.Where(r => r is not ParameterResource).Select(r => r.Name.Length).DefaultIfEmpty(0).Max();
    private readonly string[] _names = [.. resources.Where(r => r is not ParameterResource).Select(r => r.Name)];
    private readonly bool _isColoured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>What a resource wrote.</summary>
    internal void Line(IResource resource, string line, bool isError) => Write(resource, line, isError ? "31" : null);

    /// <summary>What a person should know.</summary>
    internal void Notice(IResource resource, string message) => Write(resource, message, "33");

    /// <summary>What went wrong; on standard error.</summary>
    internal void Problem(IResource resource, string message)
    {
        if (isOn)
        {
            lock (_gate)
                Console.Error.WriteLine($"{resource.Name}: {message}");
        }
    }

    /// <summary>What a person should know about the application.</summary>
    internal void Say(string message)
    {
        if (isOn)
        {
            lock (_gate)
                Console.Out.WriteLine(message);
        }
    }

    /// <summary>What a person should know about the application and may have to mend.</summary>
    internal void Warn(string message) => Say(_isColoured ? $"\e[33m{message}\e[0m" : message);

    /// <summary>Where the dashboard is opened.</summary>
    internal void Login(Uri address) => Say($"Login to the dashboard at {address.AbsoluteUri}");

    /// <summary>Tells a change of state, once.</summary>
    internal void Changed(ResourceEvent change)
    {
        if (!isOn || change.Resource is ParameterResource or ConnectionStringResource || change.Snapshot.State is not { } state)
            return;
        var text = ResourceNotificationService.IsHealthy(change) ? "Ready" : state.Text;
        if (_states.TryGetValue(change.ResourceId, out var former) && former == text)
            return;
        _states[change.ResourceId] = text;
        if (text == KnownResourceStates.NotStarted || text == KnownResourceStates.Unavailable)
            return;
        var lostHealth = former == "Ready" && text == KnownResourceStates.Running;
        Write(change.Resource, lostHealth ? Unhealthy(change) : Sentence(change, text), lostHealth ? "33" : text == "Ready" ? "1;32" : "2");
    }

    private static string Sentence(ResourceEvent change, string text)
    {
        var urls = change.Snapshot.Urls.Where(url => url.Url.StartsWith("http", StringComparison.Ordinal)).Select(url => url.Url).ToArray();
        var process = change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value;
        return text switch
        {
            "Ready" when urls.Length > 0 => $"Ready at {string.Join(" and ", urls)}",
            "Running" => $"Running (process {process})",
            "Exited" when change.Snapshot.ExitCode is { } code and not 0 => $"Exited (exit code {code})",
            _ => text
        };
    }

    private static string Unhealthy(ResourceEvent change) =>
        "Unhealthy: " + string.Join("; ", change.Snapshot.HealthReports.Select(report => report.Description).OfType<string>());

    private void Write(IResource resource, string message, string? colour)
    {
        if (!isOn)
            return;
        var name = resource.Name.PadRight(_width);
        if (_isColoured)
        {
            name = $"\e[{Colours[Math.Max(0, Array.IndexOf(_names, resource.Name)) % Colours.Length]}m{name}\e[0m";
            message = colour is null ? message : $"\e[{colour}m{message}\e[0m";
        }

        lock (_gate)
            Console.Out.WriteLine($"{name} | {message}");
    }
}
