using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Phases;

/// <summary>The same steps by the runtime without any shim: what no shim can go below.</summary>
internal sealed class RuntimeAlonePhase(DaemonSide daemon)
{
    private const string Runtime = "runc";

    internal async Task RunAsync(Samples samples, CancellationToken cancellation)
    {
        using Bundle bundle = daemon.NewBundle(BenchContainer.Idle with { MountsRootfs = false }, "alone");
        try
        {
            await StepAsync(Metric.RuntimeCreate, ["create", "--bundle", bundle.Path, "--pid-file", $"{bundle.Path}/init.pid", bundle.Id]);
            await StepAsync(Metric.RuntimeStart, ["start", bundle.Id]);
            string process = $"{bundle.Path}/process.json";
            await File.WriteAllTextAsync(process, OciDocument.Process(["true"]).ToJsonString(), cancellation);
            await StepAsync(Metric.RuntimeExec, ["exec", "--process", process, "--detach", "--pid-file", $"{bundle.Path}/exec.pid", bundle.Id]);
        }
        finally
        {
            await StepAsync(Metric.RuntimeDelete, ["delete", "--force", bundle.Id]);
            Cgroups.Remove(bundle.CgroupPath);
        }

        async Task StepAsync(Metric metric, IEnumerable<string> arguments)
        {
            string log = $"{bundle.Path}/log.json";
            string[] common = ["--root", daemon.RuntimeRoot, "--log", log, "--log-format", "json"];
            var command = new Command(Runtime, [.. common, .. arguments]) { CapturesOutput = false };
            CommandResult result = await command.RunAsync(cancellation);
            if (result.ExitCode != 0)
            {
                throw new InvalidOperationException($"{metric.Name}: {await File.ReadAllTextAsync(log, cancellation)}");
            }

            samples.Add(metric, result.Elapsed);
        }
    }
}
