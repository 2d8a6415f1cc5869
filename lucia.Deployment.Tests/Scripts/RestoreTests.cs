namespace Lucia.Deployment.Tests.Scripts;

/// <summary><c>restore.sh</c>: whatever goes wrong on its way, the house is not left down, and nobody is told that something was restored which was not.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_that_does_not_arrive_leaves_everything_running_with_what_it_had()
    {
        await ComposeAsync("*' run '*) cat >/dev/null; echo 'no space left on device' >&2; exit 1 ;;");

        var run = await _folder.RunAsync("restore.sh saved.tar.gz --target compose --dir compose --yes");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("that failed: no space left on device");
        run.Error.ShouldContain("agenthost and redis started again; Redis has what it had before");
        Verbs().ShouldBe(["stop", "run", "up"]);
    }

    [Fact]
    public async Task A_deployment_that_does_not_start_again_is_told_with_the_command_that_starts_it()
    {
        await ComposeAsync("*' run '*) cat >/dev/null ;;\n*' up '*) echo 'port is already allocated' >&2; exit 1 ;;");

        var run = await _folder.RunAsync("restore.sh saved.tar.gz --target compose --dir compose --yes");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("did not start: port is already allocated. Redis has the data of the archive.");
        run.Error.ShouldContain("docker compose up --detach --wait)");
        Verbs().ShouldBe(["stop", "run", "up"], "once is enough");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Interrupted_it_starts_what_it_stopped(string signal)
    {
        await ComposeAsync("*' run '*) cat >/dev/null; touch ../hanging; for i in $(seq 600); do [ ! -f ../go-on ] || exit 1; sleep 0.05; done ;;");

        var run = await _folder.ShellAsync($"""
            env --default-signal=INT,TERM,HUP scripts/restore.sh saved.tar.gz --target compose --dir compose --yes &
            for i in $(seq 600); do [ ! -f hanging ] || break; sleep 0.05; done
            kill -{signal} $!
            touch go-on
            wait $!
            """);

        run.ExitCode.ShouldBe(130, run.Output + run.Error);
        run.Error.ShouldContain("agenthost and redis started again; Redis has what it had before");
        Verbs().ShouldBe(["stop", "run", "up"]);
    }

    [Fact]
    public async Task A_Redis_of_ones_own_is_refused_before_anything_is_stopped()
    {
        await ArchiveAsync("systemd");
        _folder.SetUp("etc", "credentials", "");
        _folder.StandIn("systemctl", "'cat lucia-redis.service') exit 1 ;;\n*) ;;");

        var run = await _folder.RunAsync("restore.sh saved.tar.gz --target systemd --dir etc --yes");

        run.ExitCode.ShouldBe(69);
        run.Error.ShouldContain("runs elsewhere");
        run.Error.ShouldContain("Nothing was changed");
        _folder.Calls.ShouldNotContain("systemctl st");
    }

    [Fact]
    public async Task Services_of_systemd_are_started_again_when_one_of_them_does_not_stop()
    {
        await ArchiveAsync("systemd");
        _folder.SetUp("etc", "credentials", "");
        _folder.StandIn("systemctl", "'stop '*) echo 'Job for lucia.service canceled' >&2; exit 1 ;;\n*) ;;");

        var run = await _folder.RunAsync("restore.sh saved.tar.gz --target systemd --dir etc --yes");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("Job for lucia.service canceled");
        run.Error.ShouldContain("lucia and lucia-redis started again; Redis has what it had before");
        _folder.Calls.ShouldContain("systemctl start lucia-redis lucia");
    }

    [Fact]
    public async Task Settings_of_another_target_are_refused_before_anything_is_changed()
    {
        await ComposeAsync("", madeOf: "systemd", ("lucia.env", "Sessions__TtlHours=1\n"));

        var run = await _folder.RunAsync("restore.sh saved.tar.gz --target compose --dir compose --yes --settings");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("the settings in it are of systemd, and this is compose: leave out --settings");
        run.Output.ShouldNotContain("restored");
        File.Exists(_folder.At("compose/lucia.env")).ShouldBeFalse();
        Verbs().ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_that_cannot_be_written_are_not_called_restored()
    {
        await ComposeAsync("", madeOf: "compose", (".env", "Sessions__TtlHours=1\n"));
        File.Delete(_folder.At("compose/.env"));
        Directory.CreateDirectory(_folder.At("compose/.env"));

        var run = await _folder.RunAsync("restore.sh saved.tar.gz --target compose --dir compose --yes --settings");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(".env could not be restored");
        run.Error.ShouldContain("Redis is untouched");
        run.Output.ShouldNotContain("restored /");
        Verbs().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("REDIS-new", 9, 0, "appendonly.aof:REDIS-new")]
    [InlineData("REDIS-n", 9, 1, "appendonlydir/1.aof:old dump.rdb:older")]
    public async Task Old_data_goes_only_when_all_of_the_new_is_there(string data, int promised, int code, string left)
    {
        _folder.Write("data/dump.rdb", "older");
        _folder.Write("data/appendonlydir/1.aof", "old");

        var run = await _folder.ShellAsync($"eval \"$(awk '/^replace_data=/,/replaced.$/' scripts/lib.sh)\"; sh -c \"$replace_data\" replace data {promised}", data);

        run.ExitCode.ShouldBe(code, run.Error);
        var files = Directory.EnumerateFiles(_folder.At("data"), "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith(".part", StringComparison.Ordinal));
        string.Join(' ', files.Select(file => $"{Path.GetRelativePath(_folder.At("data"), file)}:{File.ReadAllText(file)}").Order(StringComparer.Ordinal)).ShouldBe(left);
    }

    /// <summary>A compose deployment whose engine does what it is told, but for some cases, and an archive.</summary>
    private async Task ComposeAsync(string cases, string madeOf = "compose", params (string Name, string Text)[] settings)
    {
        _folder.SetUp("compose", "secrets", "");
        _folder.Write("compose/docker-compose.yml", "services: {}\n");
        _folder.StandIn("docker", $"info) ;;\n'compose config --services') echo redis ;;\n{cases}\n'compose '*) ;;");
        await ArchiveAsync(madeOf, settings);
    }

    private async Task ArchiveAsync(string target, params (string Name, string Text)[] settings)
    {
        _folder.Write("lucia-backup/about", $"format=1\ntarget={target}\nmade=2026-01-01T00:00:00Z\nkeys=3\n");
        _folder.Write("lucia-backup/redis.rdb", "REDIS0011");
        Directory.CreateDirectory(_folder.At("lucia-backup/configuration"));
        foreach (var (name, text) in settings) _folder.Write($"lucia-backup/configuration/{name}", text);
        (await _folder.ShellAsync("(cd lucia-backup && find . -type f | xargs sha256sum >../checksums) && mv checksums lucia-backup/ && tar -czf saved.tar.gz lucia-backup")).Well();
    }

    /// <summary>What compose was told that changes something, in order.</summary>
    private IEnumerable<string> Verbs() => _folder.Calls.Split('\n').Select(static call => call.Split(' ')).Where(static words => words is ["docker", "compose", "stop" or "run" or "up", ..]).Select(static words => words[2]);
}
