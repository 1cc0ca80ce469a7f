using System.Globalization;
using ShimStack.Api.Control;
using ShimStack.FaultTests.Control;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.FaultTests.Upgrade;

/// <summary>A shim with a container that runs, an operator's connection to it, and builds to put in its place.</summary>
internal sealed class UpgradeStage
{
    private static readonly string FailingCalls = Path.Combine(AppContext.BaseDirectory, "failing-calls.so");

    private readonly string _failing;

    private UpgradeStage(FaultStage fault, ControlClient control, ShimBuilds builds, string failing) =>
        (Fault, Control, Builds, _failing) = (fault, control, builds, failing);

    public FaultStage Fault { get; }

    public ShimSession Session => Fault.Session;

    public ControlClient Control { get; }

    public ShimBuilds Builds { get; }

    /// <summary>What the daemon must have heard in the end, if that is more than a plain life; an event that was on its way may come twice.</summary>
    public List<string>? Events { get; set; }

    public int Pid => Session.Process!.Pid;

    /// <summary>Runs a test on a stage of its own. Events, streams, exit code and all traces of the container are looked at afterwards.</summary>
    public static async Task RunAsync(Func<UpgradeStage, Task> test, BundleSpec? spec = null, SessionOptions? options = null)
    {
        DirectoryInfo failing = Directory.CreateTempSubdirectory("failing-calls-");
        try
        {
            await RunAsync(test, failing.FullName, spec, options);
            Assert.Empty(failing.EnumerateFiles()); // what was to fail has
        }
        finally
        {
            failing.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(Func<UpgradeStage, Task> test, string failing, BundleSpec? spec, SessionOptions? options)
    {
        await using FaultStage fault = new(ShimUnderTest.Ours!, new Fault("Upgrade", "nothing", "", static _ => Task.CompletedTask)
        {
            Settings = new Dictionary<string, string> { ["LD_PRELOAD"] = FailingCalls, ["SHIMSTACK_FAILING_CALLS"] = failing },
        });
        await fault.RunAsync(spec, options);
        UpgradeStage stage;
        await using (ControlClient control = await ControlClient.ConnectAsync(fault.Session))
        {
            stage = new UpgradeStage(fault, control, await ShimBuilds.MakeAsync(fault.Daemon.Root), failing);
            await test(stage);
        }

        await fault.FinishAsync(stage.Events, repeats: stage.Events is not null);
        Assert.Empty(fault.Findings.All);
    }

    /// <summary>The next <paramref name="call"/> of the shim, or of the build in its place, fails with <paramref name="errno"/>.</summary>
    public void Fail(string call, int errno) => File.WriteAllText(Path.Combine(_failing, call), errno.ToString(CultureInfo.InvariantCulture));

    /// <summary>Puts a build in the shim's place, which must go on as the same process.</summary>
    public async Task<UpgradeResponse> UpgradeAsync(string path)
    {
        UpgradeResponse response = await Control.UpgradeAsync(path);
        Assert.Equal((uint)Pid, response.Pid);
        Assert.Equal(path, response.Upgrade.Path);
        Assert.Equal(path, File.ResolveLinkTarget($"/proc/{Pid}/exe", returnFinalTarget: false)!.FullName);
        Assert.Empty(response.Upgrade.Failure);
        return response;
    }

    /// <summary>An upgrade that is called off: the shim goes on as the build that it was, with all that it had open.</summary>
    public async Task<string> RefusedAsync(string path, TimeSpan limit = default, bool comparesDescriptors = true)
    {
        int[] before = Descriptors();
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => Control.UpgradeAsync(path, limit));
        StatusResponse status = await Control.StatusAsync();
        Assert.Equal(Builds.Version, status.Version);
        Assert.Equal(refusal.Message, status.Upgrade.Failure);
        if (comparesDescriptors)
        {
            Assert.Equal(before, Descriptors());
        }

        return refusal.Message;
    }

    /// <summary>What an operator sees meanwhile, on a connection of its own.</summary>
    public StatusResponse OtherStatus() => Task.Run(async () =>
    {
        await using ControlClient other = await ControlClient.ConnectAsync(Session);
        return await other.StatusAsync();
    }).GetAwaiter().GetResult();

    /// <summary>How many the shim has open when none comes or goes: what a connection that ends has, it closes a moment after its peer has heard of the end.</summary>
    public async Task<int> DescriptorsAtRestAsync()
    {
        int count = -1;
        Assert.True(await Until.TrueAsync(() =>
        {
            int before = count;
            return before == (count = Descriptors().Length);
        }));
        return count;
    }

    /// <summary>The numbers of what the shim has open.</summary>
    public int[] Descriptors() =>
        [.. Directory.EnumerateFileSystemEntries($"/proc/{Pid}/fd").Select(static path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).Order()];
}
