using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Lucia.Publishing.Tests.Helm;

/// <summary>The little of the Kubernetes API that <c>helm template --dry-run=server</c> asks: versions, and one Secret.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private readonly Dictionary<string, string> _answers;

    private FakeCluster(HttpListener listener, string address, Dictionary<string, string> answers)
    {
        (_listener, Address, _answers) = (listener, address, answers);
        _serving = ServeAsync();
    }

    public string Address { get; }

    public static FakeCluster Start(string release, string secret, params (string Key, string Value)[] data)
    {
        var encoded = data.ToDictionary(static d => d.Key, static d => Convert.ToBase64String(Encoding.UTF8.GetBytes(d.Value)));
        var answers = new Dictionary<string, string>
        {
            ["/version"] = """{"major":"1","minor":"33","gitVersion":"v1.33.0"}""",
            ["/api"] = """{"kind":"APIVersions","versions":["v1"]}""",
            ["/apis"] = Groups("apps", "networking.k8s.io", "policy"),
            ["/api/v1"] = Resources("v1", "Secret", "ConfigMap", "Service", "PersistentVolumeClaim"),
            ["/apis/apps/v1"] = Resources("apps/v1", "Deployment", "StatefulSet"),
            ["/apis/networking.k8s.io/v1"] = Resources("networking.k8s.io/v1", "NetworkPolicy", "Ingress"),
            ["/apis/policy/v1"] = Resources("policy/v1", "PodDisruptionBudget"),
            [$"/api/v1/namespaces/default/secrets/{secret}"] =
                JsonSerializer.Serialize(new { kind = "Secret", apiVersion = "v1", metadata = OwnedBy(release, secret), data = encoded }),
        };
        for (var attempt = 0; ; attempt++)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
            free.Stop();
            var listener = new HttpListener { Prefixes = { address + "/" } };
            try
            {
                listener.Start();
                return new FakeCluster(listener, address, answers);
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                // Somebody else took the port in between.
            }
        }
    }

    // What Helm leaves behind with `helm.sh/resource-policy: keep`, and demands before it takes an object over.
    private static object OwnedBy(string release, string name) => new
    {
        name,
        @namespace = "default",
        labels = new Dictionary<string, string> { ["app.kubernetes.io/managed-by"] = "Helm" },
        annotations = new Dictionary<string, string> { ["meta.helm.sh/release-name"] = release, ["meta.helm.sh/release-namespace"] = "default" },
    };

    private static string Groups(params string[] names) => JsonSerializer.Serialize(new
    {
        kind = "APIGroupList",
        apiVersion = "v1",
        groups = names.Select(static n => new { name = n, versions = new[] { new { groupVersion = n + "/v1", version = "v1" } } }),
    });

    private static string Resources(string version, params string[] kinds) => JsonSerializer.Serialize(new
    {
        kind = "APIResourceList",
        groupVersion = version,
        resources = kinds.Select(static k => new
        {
            name = k.EndsWith('y') ? k[..^1].ToLowerInvariant() + "ies" : k.EndsWith('s') ? k.ToLowerInvariant() + "es" : k.ToLowerInvariant() + "s",
            singularName = k.ToLowerInvariant(),
            namespaced = true,
            kind = k,
            verbs = new[] { "get" },
        }),
    });

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var found = _answers.TryGetValue(context.Request.Url!.AbsolutePath, out var answer);
            context.Response.StatusCode = found ? 200 : 404;
            context.Response.ContentType = "application/json";
            answer ??= """{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}""";
            context.Response.Close(Encoding.UTF8.GetBytes(answer), willBlock: true);
        }
    }
}
