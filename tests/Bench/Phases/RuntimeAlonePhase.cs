using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Phases;

/// <summary>The steps of <see cref="LifePhase"/> by the runtime without any shim: what no shim can go below.</summary>
internal sealed class RuntimeAlonePhase(DaemonSide daemon)
{
    internal async Task RunAsync(Samples samples, CancellationToken cancellation)
    {
        using var subreaper = new Subreaper();
        using Bundle bundle = daemon.NewBundle(BenchContainer.Idle, "alone");
        Mounts.Bind(daemon.SharedRootfs, Path.Combine(bundle.Path, "rootfs"));
        Dictionary<string, string> variables = Variables.Merge(QuietProcess.DriversOwn(), ShimAction.DaemonVariables(daemon));
        var runtime = new RuntimeAlone(Path.Combine(daemon.RuntimeRoot, daemon.Namespace), bundle.Path, variables);
        bool deleted = false;
        try
        {
            await LiveAsync(runtime, bundle, samples, cancellation);
            deleted = true;
        }
        finally
        {
            if (!deleted)
            {
                runtime.Delete(force: true);
            }

            Mounts.DetachBelow(bundle.Path);
            Cgroups.Remove(bundle.CgroupPath);
        }
    }

    private static async Task LiveAsync(RuntimeAlone runtime, Bundle bundle, Samples samples, CancellationToken cancellation)
    {
        string process = $"{bundle.Path}/process.json";
        await File.WriteAllTextAsync(process, OciDocument.Process(["true"]).ToJsonString(), cancellation);
        samples.Add(Metric.RuntimeCreate, runtime.Create(withStreams: true));
        samples.Add(Metric.RuntimeStart, runtime.Start());
        samples.Add(Metric.RuntimeExec, runtime.Exec(process));
        runtime.ReapExec();
        runtime.Kill();
        samples.Add(Metric.RuntimeDelete, runtime.Delete());
    }
}
