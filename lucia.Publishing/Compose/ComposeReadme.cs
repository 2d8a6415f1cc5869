using System.Text;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Compose;

/// <summary>Writes <c>README.md</c>: the commands, and what is where.</summary>
internal sealed class ComposeReadme(DeploymentPlan plan, ComposeNames names, SecretStore secrets)
{
    private const string SetUp = "./setup.sh                       # makes .env and secrets/, generates passwords, asks for the rest";

    private readonly StringBuilder _text = new();

    public string Write(bool hasDevelopment, bool hasOffline)
    {
        Line($"# {plan.Name} on docker compose");
        Line("");
        if (plan.Description is { } description)
        {
            Line(description);
            Line("");
        }
        Line("Needs Docker Engine 24 or newer with compose 2.20 or newer; rootless Docker will do.");
        Start();
        Services();
        Everyday(hasDevelopment, hasOffline);
        Secrets();
        Files();
        return _text.ToString();
    }

    private void Start()
    {
        Line("");
        Line("```sh runnable");
        // An image that is given values needs them first; else building takes longest, and needs nobody.
        var build = plan.Builds.Any(static b => !b.Image.Contains('/')) ? "./build-images.sh                # images that no registry has" : null;
        string[] steps = BuildScript.NeedsSetUp(plan) ? [SetUp, build ?? ""] : [build ?? "", SetUp];
        foreach (var step in steps.Where(static s => s.Length > 0))
            Line(step);
        Line("docker compose up -d --wait      # starts everything and waits until it is healthy");
        Line("```");
    }

    private void Services()
    {
        Line("");
        Line("| service | what it is | reached at |");
        Line("| --- | --- | --- |");
        foreach (var workload in plan.Workloads)
        {
            var addresses = ComposeNames.Published(workload)
                .Select(e => $"{(e.IsHttp ? $"<{e.Scheme}://127.0.0.1:{e.HostPort}>" : $"127.0.0.1:{e.HostPort}")} (`{e.PortVariable}`)");
            var what = workload.Description ?? workload.Image.Reference;
            Line($"| {workload.Name} | {Cell(what)}{(workload.Optional ? $" Off unless asked for: `--profile {workload.Name}`." : "")} | {string.Join(", ", addresses)} |");
        }
        if (plan.Workloads.Any(static w => ComposeNames.Published(w).Any()))
        {
            Line("");
            Line($"Ports are bound to this machine alone. `{names.Bind}=0.0.0.0` in `.env` opens them to the network; put TLS in front then.");
        }
        var outside = plan.Workloads.Where(plan.ReachesOutside).Select(static w => w.Name).ToList();
        Line("");
        Line(outside.Count == 0
            ? "No service needs an address outside this machine."
            : $"Addresses outside are reached by {string.Join(", ", outside)}; `host.docker.internal` is this machine there (`localhost` is the container).");
    }

    private void Everyday(bool hasDevelopment, bool hasOffline)
    {
        Line("");
        Line("| to | run |");
        Line("| --- | --- |");
        Line("| see what runs | `docker compose ps` |");
        Line("| read the logs | `docker compose logs -f --tail 100` |");
        Line("| apply a changed setting | `./setup.sh && docker compose up -d --wait` |");
        Line("| update the images | `docker compose pull --ignore-pull-failures && docker compose up -d --wait` |");
        Line("| stop, keep the data | `docker compose down` |");
        Line("| remove it with its data | `docker compose down --volumes` |");
        if (hasDevelopment)
            Line("| work on the sources | `docker compose -f docker-compose.yml -f docker-compose.dev.yml up --build` |");
        if (hasOffline)
            Line("| cut it off from the internet | `docker compose down`, then `docker compose -f docker-compose.yml -f docker-compose.offline.yml up -d --wait` |");
    }

    private void Secrets()
    {
        var all = plan.Secrets.ToList();
        if (all.Count == 0)
            return;
        Line("");
        Line("| secret | in | |");
        Line("| --- | --- | --- |");
        foreach (var secret in all)
        {
            var need = secret switch { { Generate: not null } => "generated", { Required: true } => "required", _ => "optional" };
            var place = secrets.IsFile(secret) ? $"`secrets/{secret.Key}`" : $"`{secret.Variable}` in `.env`";
            Line($"| {Cell(secret.Description ?? $"The parameter '{secret.Name}'.")} | {place} | {need} |");
        }
    }

    private void Files()
    {
        Line("");
        Line("| file | |");
        Line("| --- | --- |");
        Line("| `.env` | settings; yours. `.env.example` explains each |");
        if (secrets.Files.Count + secrets.Composed.Count > 0)
            Line("| `secrets/` | one secret to a file; yours. The folder is 0700, so its files can be 0444 for the users of the containers |");
        Line("| `docker-compose.override.yml` | your own changes; compose reads it by itself |");
        Line("| everything else | generated; publishing again replaces it |");
        Line("");
        Line("A variable that is set in the shell goes before `.env`. To change a secret, remove its file (or empty its line in `.env`) and run `./setup.sh`,");
        Line("which generates it anew or asks for it, then `docker compose up -d --force-recreate --wait`. A database keeps the password it was made with.");
    }

    private static string Cell(string text) => text.Replace("|", "\\|").ReplaceLineEndings(" ");

    private void Line(string line) => _text.Append(line).Append('\n');
}
