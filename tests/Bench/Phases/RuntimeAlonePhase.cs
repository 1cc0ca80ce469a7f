using System.Globalization;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Phases;

/// <summary>The same steps by the runtime without any shim: what no shim can go below.</summary>
internal sealed class RuntimeAlonePhase(DaemonSide daemon)
{
    private const int Sigkill = 9;

    private readonly string _runtime = ExecutablePath.Find("runc");

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
                Call(bundle, ["delete", "--force", bundle.Id]);
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

        Step(Metric.RuntimeCreate, ["create", "--bundle", bundle.Path, "--pid-file", initPid, bundle.Id]);
        Step(Metric.RuntimeStart, ["start", bundle.Id]);
        Step(Metric.RuntimeExec, ["exec", "--process", process, "--detach", "--pid-file", execPid, bundle.Id]);
        Subreaper.Reap(await ReadPidAsync(execPid));
        var init = new RunningProcess(await ReadPidAsync(initPid));
        init.Signal(Sigkill);
        Subreaper.Reap(init.Pid);
        Step(Metric.RuntimeDelete, ["delete", bundle.Id]);

        void Step(Metric metric, string[] arguments) => samples.Add(metric, Call(bundle, arguments));
    }

    private TimeSpan Call(Bundle bundle, string[] arguments)
    {
        string log = $"{bundle.Path}/log.json";
        string[] common = ["--root", daemon.RuntimeRoot, "--log", log, "--log-format", "json"];
        (int status, TimeSpan elapsed) = QuietProcess.Run(_runtime, [.. common, .. arguments]);
        return status == 0 ? elapsed : throw new InvalidOperationException($"runc {arguments[0]}: {File.ReadAllText(log)}");
    }

    private static async Task<int> ReadPidAsync(string file) => int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
}
