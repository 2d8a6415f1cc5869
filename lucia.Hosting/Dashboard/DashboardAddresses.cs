using Aspire.Hosting.Running;

namespace Aspire.Hosting.Dashboard;

/// <summary>The ports of a dashboard: the usual ones, or free ones where another program has them.</summary>
/// <param name="Pages">For the browser.</param>
/// <param name="Grpc">For OTLP over gRPC.</param>
/// <param name="Http">For OTLP over HTTP.</param>
internal sealed record DashboardAddresses(int Pages, int Grpc, int Http)
{
    /// <summary>Whether free ports are taken in any case, so that two runs that start at once do not meet.</summary>
    internal const string RandomizeSetting = "AppHost:RandomizeDashboardPorts";

    /// <summary>Under this name a browser tries both loopback addresses, and on both the dashboard listens.</summary>
    internal Uri PagesAddress => new($"http://localhost:{Pages}");

    internal Uri GrpcAddress => new($"http://127.0.0.1:{Grpc}");

    internal Uri HttpAddress => new($"http://127.0.0.1:{Http}");

    internal static DashboardAddresses Choose(bool randomize) =>
        new(EndpointPorts.Take(randomize ? null : 18888), EndpointPorts.Take(randomize ? null : 4317), EndpointPorts.Take(randomize ? null : 4318));

    internal void Release() => EndpointPorts.Release([Pages, Grpc, Http]);
}
