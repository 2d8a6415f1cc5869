using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Output;

namespace Lucia.Publishing.Tests.Output;

public sealed class FolderWriterTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lucia-publishing-").FullName;
    private readonly DiagnosticBag _diagnostics = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Writing_again_changes_nothing()
    {
        Write(("a.yml", "1"), ("sub/b.yml", "2"));
        var before = File.GetLastWriteTimeUtc(At("compose/a.yml"));

        var changes = Write(("a.yml", "1"), ("sub/b.yml", "2"));

        changes.ShouldAllBe(static c => c.Kind == ChangeKind.Same);
        File.GetLastWriteTimeUtc(At("compose/a.yml")).ShouldBe(before);
    }

    [Fact]
    public void What_an_earlier_run_wrote_and_this_one_does_not_is_removed()
    {
        Write(("a.yml", "1"), ("b.yml", "2"));

        var changes = Write(("a.yml", "1"));

        changes.ShouldContain(new FolderChange(ChangeKind.Removed, "compose/b.yml"));
        File.Exists(At("compose/b.yml")).ShouldBeFalse();
    }

    [Fact]
    public void The_users_files_and_unknown_ones_stay()
    {
        Write(("a.yml", "1"));
        string[] own = ["compose/.env", "compose/secrets/password", "compose/values.local.yaml", "compose/notes.txt"];
        foreach (var path in own)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
            File.WriteAllText(At(path), "mine");
        }
        File.AppendAllText(At("compose/.generated"), ".env\nsecrets/password\n../outside\n");
        File.WriteAllText(At("outside"), "mine");

        Write(("b.yml", "2"));

        own.Append("outside").ShouldAllBe(path => File.ReadAllText(At(path)) == "mine");
    }

    [Fact]
    public void An_error_writes_nothing()
    {
        _diagnostics.Report(DiagnosticCatalogue.UnknownResource, SourceLocation.Manifest, "x");

        Write(("a.yml", "1")).ShouldBeEmpty();

        Directory.EnumerateFileSystemEntries(_root).ShouldBeEmpty();
    }

    [Fact]
    public void A_failure_half_way_puts_back_what_was_there()
    {
        Write(("a.yml", "old"), ("b.yml", "old"));
        // A file stands where the last folder is to go.
        File.WriteAllText(At("compose/z"), "mine");
        var before = Snapshot();

        Write(("a.yml", "new"), ("c/d.yml", "new"), ("z/z.yml", "new"));

        _diagnostics.Errors.ShouldHaveSingleItem().Number.ShouldBe("LUCIA1604");
        Snapshot().ShouldBe(before);
    }

    [Fact]
    public void A_folder_in_a_files_place_is_named_and_nothing_of_how_it_is_written()
    {
        Directory.CreateDirectory(At("compose/z.yml/in-the-way"));

        Write(("a.yml", "new"), ("z.yml", "new"));

        _diagnostics.Errors.ShouldHaveSingleItem().Message.ShouldBe($"'{At("compose/z.yml")}' is a folder, where a file has to be.");
        File.Exists(At("compose/a.yml")).ShouldBeFalse();
    }

    [Fact]
    public void A_folder_goes_with_the_last_file_that_was_made_in_it()
    {
        Write(("a.yml", "1"), ("one/two/b.yml", "2"), ("mine/c.yml", "3"));
        File.WriteAllText(At("compose/mine/notes.txt"), "mine");

        Write(("a.yml", "1"));

        Directory.Exists(At("compose/one")).ShouldBeFalse();
        File.Exists(At("compose/mine/notes.txt")).ShouldBeTrue();
    }

    [Fact]
    public void What_somebody_else_wrote_is_never_replaced()
    {
        Write(("a.yml", "old"));
        File.WriteAllText(At("compose/b.yml"), "mine");
        File.WriteAllText(At("compose/c.yml"), "mine too");
        var before = Snapshot();

        Write(("a.yml", "new"), ("b.yml", "made"), ("c.yml", "made"), ("d.yml", "made"));

        _diagnostics.Errors.Select(problem => problem.Number).ShouldBe(["LUCIA1605", "LUCIA1605"]);
        _diagnostics.Errors.First().ToString().ShouldContain("compose/b.yml");
        Snapshot().ShouldBe(before);
    }

    [Fact]
    public void Scripts_can_be_run()
    {
        var folder = new OutputFolder("compose", _diagnostics);
        folder.AddText("setup.sh", "#!/bin/sh", executable: true);
        FolderWriter.Write(_root, [folder], _diagnostics);

        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }
        File.GetUnixFileMode(At("compose/setup.sh")).ShouldBe(OutputFile.Executable);
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("/etc/a")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("C:/a")]
    [InlineData(".env")]
    [InlineData("secrets/x")]
    public void A_path_outside_or_of_the_user_is_refused(string path)
    {
        var folder = new OutputFolder("compose", _diagnostics);

        folder.AddText(path, "x");

        folder.Files.ShouldBeEmpty();
        _diagnostics.Errors.ShouldHaveSingleItem().Number.ShouldBe("LUCIA1602");
    }

    [Theory]
    [InlineData("host: {redis.bindings.tcp.host}", true)]
    [InlineData("a\nb {redis.value} c", true)]
    [InlineData("${redis.value}", false)]
    [InlineData("{{ redis.value }}", false)]
    [InlineData("{{redis.value}}", false)]
    [InlineData("/catalog/{**rest}", false)]
    [InlineData("{other.value}", false)]
    public void An_expression_that_is_left_is_an_error(string text, bool left)
    {
        var folder = new OutputFolder("compose", _diagnostics);
        folder.AddText("a.yml", text);

        folder.CheckLeftovers(["redis"]);

        _diagnostics.HasErrors.ShouldBe(left);
    }

    [Fact]
    public void Texts_end_in_one_line_feed_on_every_system()
    {
        var folder = new OutputFolder("compose", _diagnostics);
        folder.AddText("a.yml", "a\r\nb\r\n\r\n");

        folder.Files.ShouldHaveSingleItem().Text.ShouldBe("a\nb\n");
    }

    private string At(string path) => Path.Combine(_root, path);

    private IReadOnlyList<FolderChange> Write(params (string Path, string Text)[] files)
    {
        var folder = new OutputFolder("compose", _diagnostics);
        foreach (var (path, text) in files)
            folder.AddText(path, text);
        return FolderWriter.Write(_root, [folder], _diagnostics);
    }

    private string[] Snapshot() =>
    [
        .. Directory.EnumerateFileSystemEntries(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(static path => File.Exists(path) ? $"{path}={File.ReadAllText(path, Encoding.UTF8)}" : path),
    ];
}
