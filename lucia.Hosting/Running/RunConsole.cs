namespace Aspire.Hosting.Running;

/// <summary>
/// Tells a person in a terminal what happens: every line begins with the resource it is about. Where the terminal can, a table of the resources
/// stands above the lines and says how they are.
/// </summary>
internal sealed class RunConsole(IEnumerable<IResource> resources, bool isOn)
{
    private const string Red = "31", Yellow = "33", BoldGreen = "1;32", Faint = "2";
    private static readonly string[] Colours = ["36", "35", "32", "34", "33", "96", "95", "92"];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _states = [];
    private readonly int _width = resources.Where(r => r is not ParameterResource).Select(r => r.Name.Length).DefaultIfEmpty(0).Max();
    private readonly string[] _names = [.. resources.Where(r => r is not ParameterResource).Select(r => r.Name)];
    private readonly RunTable _table = new();
    private RunView? _view;

    /// <summary>Shows the table from now on, where that can be done.</summary>
    internal void OpenTable()
    {
        if (!isOn || !Terminal.IsInteractive)
            return;
        lock (_gate)
        {
            _table.Note ??= "Ctrl+C stops everything.";
            _view = new RunView(_table);
            _view.Open();
        }
    }

    /// <summary>Takes the table away; the lines stay.</summary>
    internal void CloseTable()
    {
        lock (_gate)
        {
            _view?.Close();
            _view = null;
        }
    }

    /// <summary>What a resource wrote.</summary>
    internal void Line(IResource resource, string line, bool isError) => Write(resource, line, isError ? Red : null);

    /// <summary>What a person should know.</summary>
    internal void Notice(IResource resource, string message) => Write(resource, message, Yellow);

    /// <summary>What went wrong; on standard error.</summary>
    internal void Problem(IResource resource, string message)
    {
        if (!isOn)
            return;
        lock (_gate)
        {
            if (_view is not null)
                _view.Add(LineOf(resource, message, Red));
            if (_view is null || Console.IsErrorRedirected)
                Console.Error.WriteLine($"{resource.Name}: {message}");
        }
    }

    /// <summary>What a person should know about the application.</summary>
    internal void Say(string message)
    {
        if (!isOn)
            return;
        lock (_gate)
        {
            if (_view is not null)
                _view.Add(message);
            else
                Console.Out.WriteLine(message);
        }
    }

    /// <summary>What a person should know about the application and may have to mend.</summary>
    internal void Warn(string message) => Say(Coloured(message, Yellow));

    /// <summary>Where the dashboard is opened.</summary>
    internal void Login(Uri address)
    {
        _table.Note = $"Dashboard {address.AbsoluteUri}";
        if (_view is null)
        {
            Say($"Login to the dashboard at {Terminal.Link(address)}");
            return;
        }

        // Alone on its line an address fits, or is at least whole where the terminal breaks the line.
        Say("Login to the dashboard at");
        Say(address.AbsoluteUri);
    }

    /// <summary>Tells a change of state, once. Under a table, only what it does not show: what went wrong.</summary>
    internal void Changed(ResourceEvent change)
    {
        if (!isOn || change.Resource is ParameterResource or ConnectionStringResource || change.Snapshot.State is not { } state)
            return;
        _table.Update(change);
        _view?.Changed();
        var text = ResourceNotificationService.IsHealthy(change) ? "Ready" : state.Text;
        if (_states.TryGetValue(change.ResourceId, out var former) && former == text)
            return;
        _states[change.ResourceId] = text;
        if (text == KnownResourceStates.NotStarted || text == KnownResourceStates.Unavailable)
            return;
        var lostHealth = former == "Ready" && text == KnownResourceStates.Running;
        if (text == "Ready" && _view is { ShowsAddresses: false } && AddressesIn(change) is { Length: > 0 } addresses)
        {
            Write(change.Resource, "Ready at", BoldGreen);
            foreach (var address in addresses)
                Say(address);
        }
        else if (_view is null || lostHealth || change.Snapshot.ExitCode is not (null or 0))
            Write(change.Resource, lostHealth ? Unhealthy(change) : Sentence(change, text), lostHealth ? Yellow : text == "Ready" ? BoldGreen : Faint);
    }

    private static string Sentence(ResourceEvent change, string text)
    {
        var urls = AddressesIn(change);
        var process = change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value;
        return text switch
        {
            "Ready" when urls.Length > 0 => $"Ready at {string.Join(" and ", urls)}",
            "Running" => $"Running (process {process})",
            "Exited" when change.Snapshot.ExitCode is { } code and not 0 => $"Exited (exit code {code})",
            _ => text
        };
    }

    private static string[] AddressesIn(ResourceEvent change) =>
        [.. change.Snapshot.Urls.Where(url => url.Url.StartsWith("http", StringComparison.Ordinal)).Select(url => url.Url)];

    private static string Unhealthy(ResourceEvent change) =>
        "Unhealthy: " + string.Join("; ", change.Snapshot.HealthReports.Select(report => report.Description).OfType<string>());

    private static string Coloured(string text, string? colour) => colour is null || !Terminal.HasColours ? text : $"\e[{colour}m{text}\e[0m";

    private void Write(IResource resource, string message, string? colour)
    {
        if (!isOn)
            return;
        lock (_gate)
        {
            if (_view is not null)
                _view.Add(LineOf(resource, RunScreen.Plain(message), colour));
            else
                Console.Out.WriteLine(LineOf(resource, message, colour));
        }
    }

    private string LineOf(IResource resource, string message, string? colour) =>
        $"{Coloured(resource.Name.PadRight(_width), Colours[Math.Max(0, Array.IndexOf(_names, resource.Name)) % Colours.Length])} | {Coloured(message, colour)}";
}
