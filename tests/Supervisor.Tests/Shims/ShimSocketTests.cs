using ShimStack.Supervisor.Shims;

namespace ShimStack.Supervisor.Tests.Shims;

public sealed class ShimSocketTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("{}", "c1")]
    [InlineData("""{"annotations":{"io.containerd.runc.v2.group":"g1"}}""", "g1")]
    [InlineData("""{"annotations":{"io.kubernetes.cri.sandbox-id":"s1"}}""", "s1")]
    [InlineData("not json", "c1")]
    public void AShimListensWhereItsGroupSays(string spec, string group)
    {
        File.WriteAllText(_directory + "/config.json", spec);
        Bundle bundle = new("ns", "c1", _directory, _directory);
        Assert.Equal("unix:///run/containerd/s/" + Sha256Of($"/run/d.sock/ns/{group}"), ShimSocket.Guess(bundle, "/run/d.sock").Address);
    }

    private static string Sha256Of(string text)
    {
        using System.Diagnostics.Process sum = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sha256sum") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        sum.StandardInput.Write(text);
        sum.StandardInput.Close();
        return sum.StandardOutput.ReadToEnd()[..64];
    }
}
