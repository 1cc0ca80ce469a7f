using System.Text;
using System.Text.Json.Nodes;
using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Phases;

/// <summary>`ctr run -d` of a program that does nothing, as a user types it; and the same container by the runtime alone.</summary>
internal sealed class RunPhase(DaemonStage stage, Metric whole, Metric alone)
{
    private readonly Dictionary<string, string> _variables = new()
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["NAMESPACE"] = stage.Name,
        ["GOMAXPROCS"] = "2",
    };

    private JsonNode? _config;

    internal async Task RunAsync(Contender contender, CancellationToken cancellation)
    {
        string id = stage.NewId();
        TimeSpan elapsed = Run(contender, id, "/bin/true");
        contender.Samples.Add(whole, elapsed);
        await stage.RemoveContainerAsync(id, kill: false, cancellation);
    }

    /// <summary>Takes what containerd has written for a container of this kind; once.</summary>
    internal async Task PrepareAsync(Contender contender, CancellationToken cancellation)
    {
        string id = stage.NewId();
        Run(contender, id, "/bin/sleep", "1000");
        string bundle = stage.Daemon.BundleOf(stage.Name, id);
        _config = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(bundle, "config.json"), cancellation));
        await stage.RemoveContainerAsync(id, kill: true, cancellation);
    }

    internal async Task RunAloneAsync(Samples samples, CancellationToken cancellation)
    {
        using var subreaper = new Subreaper();
        string id = stage.NewId();
        string bundle = Path.Combine(stage.Directory, id);
        Directory.CreateDirectory(bundle);
        _config!["process"]!["args"] = new JsonArray("/bin/true");
        _config["linux"]!["cgroupsPath"] = $"/{stage.Name}/{id}";
        await File.WriteAllTextAsync(Path.Combine(bundle, "config.json"), _config.ToJsonString(), cancellation);
        var runtime = new RuntimeAlone(Path.Combine(stage.Directory, "alone"), bundle, _variables);
        TimeSpan create = runtime.Create(withStreams: false);
        samples.Add(alone, create + runtime.Start());
        runtime.Reap();
        runtime.Delete();
        Directory.Delete(bundle, recursive: true);
    }

    private TimeSpan Run(Contender contender, string id, params string[] command)
    {
        string[] arguments =
        [
            stage.Daemon.Ctr, "--address", stage.Daemon.Address, "--namespace", stage.Name, "run", "--detach",
            "--runtime", DaemonStage.RuntimeName(contender), "--rootfs", "--cgroup", $"/{stage.Name}/{id}", stage.Rootfs, id, .. command,
        ];
        using var error = new DescriptorPair();
        (int status, TimeSpan elapsed) = QuietProcess.Run(new QuietStart(stage.Daemon.Ctr, arguments) { Error = error.WriteEnd });
        error.CloseWriteEnd();
        return status == 0
            ? elapsed
            : throw new InvalidOperationException($"ctr run, {contender.Name}: {Encoding.UTF8.GetString(error.ReadToEnd())}");
    }
}
