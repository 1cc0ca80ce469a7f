using System.Diagnostics;

namespace ShimStack.Supervisor.Tests.Hosting;

/// <summary>Who may connect, asked by a client that runs as somebody else.</summary>
public sealed class PeerTests
{
    private const string Nobody = "65534";
    private const string Group = "64321";
    private static readonly string Client = Path.Join(Environment.GetEnvironmentVariable("SHIMSTACK_CACHE") ?? "/var/cache/shimstack", "containerd-2.x/usr/bin/ctr");

    [Theory]
    [InlineData(Group, "--regid", Group, "--clear-groups", true)] // a member by its first group
    [InlineData(Group, "--regid", Nobody, "--groups=" + Group, true)] // by another
    [InlineData(Group, "--regid", Nobody, "--clear-groups", false)]
    [InlineData(null, "--regid", Group, "--clear-groups", false)]
    public async Task OnlyMembersOfTheGroupPassBesidesRoot(string? group, string flag, string id, string groups, bool passes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists(Client), "needs root and a ctr");
        await using TestHost host = await TestHost.StartAsync(group);
        File.SetUnixFileMode(Path.GetDirectoryName(host.Settings.Address)!, (UnixFileMode)0x1ed /* 0755 */);
        UnixFileMode mode = File.GetUnixFileMode(host.Settings.Address);
        Assert.Equal(group is null ? 0x180 /* 0600 */ : 0x1b0 /* 0660 */, (int)mode);
        File.SetUnixFileMode(host.Settings.Address, (UnixFileMode)0x1b6 /* 0666: now only the check of the peer is left */);
        string[] arguments = [flag, id, groups, "--reuid", Nobody, Client, "-a", host.Settings.Address, "--connect-timeout", "2s", "--timeout", "2s", "namespaces", "ls"];
        using Process process = Process.Start(new ProcessStartInfo("setpriv", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(passes, process.ExitCode == 0 && output.StartsWith("NAME", StringComparison.Ordinal));
    }
}
