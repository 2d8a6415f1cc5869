using Lucia.Publishing.Expressions;

namespace Lucia.Publishing.Plan;

/// <summary>Kestrel refuses to start on HTTPS_PORTS without a certificate, so those ports serve http instead.</summary>
internal static class HttpPorts
{
    public static List<EnvironmentVariable> WithoutHttps(List<EnvironmentVariable> variables, string resource, IReadOnlyList<Endpoint> endpoints)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["", "ASPNETCORE_", "DOTNET_"])
        {
            var secure = variables.Find(v => v.Name == prefix + "HTTPS_PORTS");
            if (secure is null)
                continue;
            variables.Remove(secure);
            var name = prefix + "HTTP_PORTS";
            var at = variables.FindIndex(v => v.Name == name);
            if (at < 0)
                variables.Add(new EnvironmentVariable(name, name, secure.Value));
            else if (!Ports(secure.Value).All(Ports(variables[at].Value).Contains))
                variables[at] = variables[at] with { Value = ValueExpression.Of([.. variables[at].Value.Parts, new LiteralPart(";"), .. secure.Value.Parts]) };
        }
        return variables;

        HashSet<int?> Ports(ValueExpression value) =>
        [
            .. value.Parts.OfType<EndpointPart>().Where(p => p.Workload == resource).Select(p => endpoints.FirstOrDefault(e => e.Name == p.Endpoint)?.TargetPort),
        ];
    }
}
