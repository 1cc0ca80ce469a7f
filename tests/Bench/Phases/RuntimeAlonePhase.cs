using System.Globalization;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Phases;

/// <summary>The same steps by the runtime without any shim: what no shim can go below.</summary>
internal sealed class RuntimeAlonePhase(DaemonSide daemon)
{
    private const string Runtime = "runc";
    private const int Sigkill = 9;

    internal async Task RunAsync(Samples samples, CancellationToken cancellation)
    {
        using var subreaper = new Subreaper();
        using Bundle bundle = daemon.NewBundle(BenchContainer.Idle with { MountsRootfs = false }, "alone");
        bool deleted = false;
        try
        {
            await LiveAsync(bundle, samples, cancellation);
            deleted = true;
        }
        finally
        {
            if (!deleted)
            {
                await CallAsync(bundle, ["delete", "--force", bundle.Id], CancellationToken.None);
            }

            Cgroups.Remove(bundle.CgroupPath);
        }
    }

    private async Task LiveAsync(Bundle bundle, Samples samples, CancellationToken cancellation)
    {
        string initPid = $"{bundle.Path}/init.pid";
        string execPid = $"{bundle.Path}/exec.pid";
        string process = $"{bundle.Path}/process.json";
        await File.WriteAllTextAsync(process, OciDocument.Process(["true"]).ToJsonString(), cancellation);

        await StepAsync(Metric.RuntimeCreate, ["create", "--bundle", bundle.Path, "--pid-file", initPid, bundle.Id]);
        await StepAsync(Metric.RuntimeStart, ["start", bundle.Id]);
        await StepAsync(Metric.RuntimeExec, ["exec", "--process", process, "--detach", "--pid-file", execPid, bundle.Id]);
        Subreaper.Reap(await ReadPidAsync(execPid));
        var init = new RunningProcess(await ReadPidAsync(initPid));
        init.Signal(Sigkill);
        Subreaper.Reap(init.Pid);
        await StepAsync(Metric.RuntimeDelete, ["delete", bundle.Id]);

        async Task StepAsync(Metric metric, string[] arguments) => samples.Add(metric, await CallAsync(bundle, arguments, cancellation));
    }

    private async Task<TimeSpan> CallAsync(Bundle bundle, string[] arguments, CancellationToken cancellation)
    {
        string log = $"{bundle.Path}/log.json";
        string[] common = ["--root", daemon.RuntimeRoot, "--log", log, "--log-format", "json"];
        var command = new Command(Runtime, [.. common, .. arguments]) { CapturesOutput = false };
        CommandResult result = await command.RunAsync(cancellation);
        return result.ExitCode == 0
            ? result.Elapsed
            : throw new InvalidOperationException($"runc {arguments[0]}: {await File.ReadAllTextAsync(log, CancellationToken.None)}");
    }

    private static async Task<int> ReadPidAsync(string file) => int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
}
