using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Installation;

/// <summary>`./build.sh package`: installed into a root of the test's own, run, upgraded, removed and purged.</summary>
public sealed class PackageTests
{
    private const string Bundle = "run/shimstack/io.containerd.runtime.v2.task/ns/c";

    [Fact]
    public async Task TheSameBuildMakesTheSamePackage()
    {
        using BuiltTree tree = new();
        string one = await PackageAsync(tree, "one", "1.0"), two = await PackageAsync(tree, "two", "1.0");
        Assert.Equal(await File.ReadAllBytesAsync(one, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(two, TestContext.Current.CancellationToken));
        Assert.Contains("Depends: libc6 (>= 2.", (await Command.RunAsync("dpkg-deb", ["--info", one])).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Matches("^drwxr-xr-x root/root +0 [^ ]+ [^ ]+ \\./\n", (await Command.RunAsync("dpkg-deb", ["--contents", one])).MustSucceed().Output);
    }

    [Fact]
    public async Task ItIsInstalledUpgradedRemovedAndPurged()
    {
        using BuiltTree tree = new();
        using DebianRoot root = await DebianRoot.CreateAsync();
        string first = await PackageAsync(tree, "one", "1.0"), second = await PackageAsync(tree, "two", "1.1");
        string before = await BuiltTree.SnapshotAsync(root.Folder);

        Assert.Equal("daemon-reload|enable --now", (await SucceedsAsync(root, "--install", first)).Calls);
        Assert.Matches("^shimctl ", (await Command.RunAsync(Path.Combine(root.Folder, "usr/bin/shimctl"), ["--version"])).MustSucceed().Output);
        string settings = Path.Combine(root.Folder, "etc/shimstack/shimstackd.toml");
        (await Command.RunAsync(Path.Combine(root.Folder, "usr/bin/shimstackd"), ["--config", settings, "config", "dump"])).MustSucceed();
        await File.AppendAllTextAsync(settings, "# mine\n", TestContext.Current.CancellationToken);

        Assert.Equal("daemon-reload|is-active --quiet|reload", (await SucceedsAsync(root, "--install", second)).Calls);
        Assert.EndsWith("# mine\n", await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal("stop|daemon-reload", (await SucceedsAsync(root, "--remove", "shimstack")).Calls);
        Assert.True(File.Exists(settings));
        Assert.Equal("daemon-reload|is-active --quiet|is-enabled --quiet|start", (await SucceedsAsync(root, "--install", second)).Calls);

        Directory.CreateDirectory(Path.Combine(root.Folder, Bundle));
        Directory.CreateDirectory(Path.Combine(root.Folder, "var/lib/shimstack"));
        (CommandResult kept, string calls) = await SucceedsAsync(root, "--purge", "shimstack");
        Assert.Equal("stop|daemon-reload|daemon-reload", calls);
        Assert.Empty(Directory.GetFileSystemEntries(root.Enablement));
        Assert.Contains("containers are still there", kept.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(root.Folder, "var/lib/shimstack")));

        Directory.Delete(Path.Combine(root.Folder, Bundle));
        Assert.Equal("daemon-reload|enable --now", (await SucceedsAsync(root, "--install", second)).Calls);
        await SucceedsAsync(root, "--purge", "shimstack");
        Assert.Equal(before, await BuiltTree.SnapshotAsync(root.Folder));
    }

    [Fact]
    public async Task WhoDisabledItIsNotOverruled()
    {
        using BuiltTree tree = new();
        using DebianRoot root = await DebianRoot.CreateAsync();
        string package = await PackageAsync(tree, "one", "1.0");
        await SucceedsAsync(root, "--install", package);
        await SucceedsAsync(root, "--remove", "shimstack");
        File.Delete(Path.Combine(root.Enablement, "shimstackd.service")); // systemctl disable
        Assert.Equal("daemon-reload|is-active --quiet|is-enabled --quiet", (await SucceedsAsync(root, "--install", package)).Calls);
    }

    [Theory, InlineData("containerd-shim-shimstack-v2"), InlineData("shimctl"), InlineData("shimstackd")]
    public async Task WithoutAProgramThereIsNoPackage(string program)
    {
        using BuiltTree tree = new();
        File.Delete(Path.Combine(tree.Folder, "out/bin", program));
        string folder = Path.Combine(tree.Folder, "one");
        CommandResult result = await tree.CallAsync("make_package", folder, "1.0");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(program, result.Error, StringComparison.Ordinal);
        Assert.EndsWith("could not be made\n", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task WithoutSystemdNothingIsAskedOfIt()
    {
        using BuiltTree tree = new();
        using DebianRoot root = await DebianRoot.CreateAsync();
        Directory.Delete(Path.Combine(root.Folder, "run/systemd/system"));
        Assert.Equal("", (await SucceedsAsync(root, "--install", await PackageAsync(tree, "one", "1.0"))).Calls);
        Assert.Equal("", (await SucceedsAsync(root, "--purge", "shimstack")).Calls);
    }

    private static async Task<(CommandResult Result, string Calls)> SucceedsAsync(DebianRoot root, params string[] arguments)
    {
        (CommandResult result, string calls) = await root.DpkgAsync(arguments);
        return (result.MustSucceed(), calls);
    }

    private static async Task<string> PackageAsync(BuiltTree tree, string folder, string version) =>
        (await tree.CallAsync("make_package", Path.Combine(tree.Folder, folder), version)).MustSucceed().Output.TrimEnd('\n');
}
