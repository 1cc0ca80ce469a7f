using System.Text.Json;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Installation;

/// <summary>`./build.sh install`, `activate` and `uninstall`, with a prefix of the test's own.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly string _prefix = Directory.CreateTempSubdirectory("shimstack-prefix-").FullName;

    [Fact]
    public async Task WhatIsInstalledRunsAndUninstallLeavesWhatWasThere()
    {
        using BuiltTree tree = new();
        Directory.CreateDirectory(Path.Combine(_prefix, "bin"));
        await File.WriteAllTextAsync(Path.Combine(_prefix, "bin/other"), "somebody else's", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_prefix, "share/man/man1"));
        string before = await BuiltTree.SnapshotAsync(_prefix);
        (await tree.CallAsync("install_all", _prefix)).MustSucceed();
        Assert.Matches("^shimctl [0-9.]+\n$", await SaysAsync("shimctl", "--version"));
        Assert.Matches("^shimstackd [0-9.]+\n$", await SaysAsync("shimstackd", "--version"));
        Assert.Contains("Version:", await SaysAsync("containerd-shim-shimstack-v2", "-v"), StringComparison.Ordinal);
        foreach (string path in (string[])["share/man/man1/shimctl-run.1", "share/man/man8/shimstackd.8", "share/man/man8/containerd-shim-shimstack-v2.8", "share/bash-completion/completions/shimctl", "share/zsh/site-functions/_shimctl"])
        {
            Assert.NotEqual("", await File.ReadAllTextAsync(Path.Combine(_prefix, path), TestContext.Current.CancellationToken));
        }

        Assert.Contains($"ExecStart={_prefix}/bin/shimstackd", await File.ReadAllTextAsync(Path.Combine(_prefix, "lib/systemd/system/shimstackd.service"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await tree.CallAsync("install_all", _prefix)).MustSucceed();
        (await tree.CallAsync("uninstall_all", _prefix)).MustSucceed();
        Assert.Equal(before, await BuiltTree.SnapshotAsync(_prefix));
        CommandResult again = await tree.CallAsync("uninstall_all", _prefix);
        Assert.Equal((1, $"build.sh: nothing is installed below {_prefix}: there is no {_prefix}/lib/shimstack/installed\n"), (again.ExitCode, again.Error));
    }

    [Fact]
    public async Task BuildsAreSideBySideAndOneOfThemIsActive()
    {
        using BuiltTree first = new(), second = new("another build");
        (await first.CallAsync("install_all", _prefix)).MustSucceed();
        string one = Current();
        (await second.CallAsync("install_all", _prefix)).MustSucceed();
        string two = Current();
        Assert.NotEqual(one, two);
        Assert.EndsWith("another build", await File.ReadAllTextAsync(Path.Combine(_prefix, "lib/shimstack/current/libe_sqlite3.so"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await second.CallAsync("activate_version", _prefix, one)).MustSucceed();
        Assert.Equal(one, Current());
        Assert.Matches("^shimctl [0-9.]+\n$", await SaysAsync("shimctl", "--version"));
        CommandResult none = await second.CallAsync("activate_version", _prefix, "9.9");
        Assert.Contains($"there is no {_prefix}/lib/shimstack/9.9; there are: ", none.Error, StringComparison.Ordinal);
        Assert.Equal(one, Current());
        (await second.CallAsync("uninstall_all", _prefix)).MustSucceed();
        Assert.Empty(Directory.GetFileSystemEntries(_prefix));
    }

    [Theory, MemberData(nameof(DaemonLine.Containerds), MemberType = typeof(DaemonLine))]
    public async Task ContainerdUnderstandsWhatItIsTold(string line)
    {
        DaemonLine.Require(line);
        string[] parts = (await File.ReadAllTextAsync(Path.Combine(RuntimeUnderTest.RepositoryRoot, "eng/share/containerd-config.toml"), TestContext.Current.CancellationToken)).Split("# containerd 1.6 and 1.7");
        string file = Path.Combine(_prefix, "config.toml");
        bool isNewest = line == DaemonLine.Newest;
        await File.WriteAllTextAsync(file, $"version = {(isNewest ? 3 : 2)}\n{(isNewest ? parts[0] : "#" + parts[1])}", TestContext.Current.CancellationToken);
        string dump = (await Command.RunAsync(Path.Combine(DaemonLine.BinDirectory(line), "containerd"), ["--config", file, "config", "dump"])).MustSucceed().Output;
        Assert.Matches("runtime_type = ['\"]io.containerd.shimstack.v2['\"]", dump);
    }

    [Theory, InlineData("docker-daemon.json"), InlineData("docker-over-shimstackd.json")]
    public async Task DockersFilesAreJson(string name) =>
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(RuntimeUnderTest.RepositoryRoot, "eng/share", name), TestContext.Current.CancellationToken)).RootElement.ValueKind);

    public void Dispose() => Directory.Delete(_prefix, recursive: true);

    private string Current() => Path.GetFileName(Directory.ResolveLinkTarget(Path.Combine(_prefix, "lib/shimstack/current"), returnFinalTarget: true)!.FullName);

    private async Task<string> SaysAsync(string program, string argument) => (await Command.RunAsync(Path.Combine(_prefix, "bin", program), [argument])).MustSucceed().Output;
}
