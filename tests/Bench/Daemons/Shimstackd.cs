using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Daemons;

/// <summary>A shimstackd of the measurement's own: own root, state and socket.</summary>
/// <param name="program">The binary, see <see cref="Program"/>.</param>
/// <param name="directory">For all of it.</param>
/// <param name="shims">The folder where it looks for shims first.</param>
internal sealed class Shimstackd(string program, string directory, string shims) : IDaemon
{
    private readonly DaemonProcess _process = new("shimstackd", directory);

    /// <summary>What was built last; null if nothing was.</summary>
    internal static string? Program { get; } = Find();

    public string Address { get; } = Path.Combine(directory, "shimstackd.sock");

    public string Ctr { get; } = Path.Combine(ShimUnderTest.BinDirectory(DaemonLine.New), "ctr");

    public RunningProcess Running => _process.Running;

    private string State { get; } = Path.Combine(directory, "state");

    public string BundleOf(string containerdNamespace, string id) =>
        Path.Combine(State, "io.containerd.runtime.v2.task", containerdNamespace, id);

    public void Start()
    {
        Directory.CreateDirectory(directory);
        string[] flags = ["--address", Address, "--state", State, "--root", Path.Combine(directory, "root")];
        _process.Start(program, flags, ("PATH", $"{shims}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    }

    public Task KillAsync() => _process.KillAsync();

    public Task StopAsync() => _process.StopAsync();

    private static string? Find()
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            string path = Path.Combine(directory, "out/bin/shimstackd");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
