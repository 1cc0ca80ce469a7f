using System.Globalization;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Live;

/// <summary>
/// Looks at the daemon of the machine, and does nothing to it: who it is, how it is started again, whose containers there are. What must not
/// be drilled is refused here.
/// </summary>
public static class LiveSurvey
{
    private const string Shimstackd = "shimstackd";
    private const string Default = "io.containerd.runc.v2";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <exception cref="DrillException">It is not there, is another one, or cannot be drilled, and why.</exception>
    public static async Task<LiveFacts> LookAsync(LiveRequest request, CancellationToken stop)
    {
        string address = request.Address.Length > 0 ? request.Address : UsualAddress(request.Target);
        DaemonProcess daemon = DaemonSocket.Owner(address);
        string who = string.Create(CultureInfo.InvariantCulture, $"{daemon.Name}, process {daemon.Pid}, listens on {address}");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            return request.Target == TargetNames.Docker
                ? await DockerAsync(request, address, daemon, limit.Token)
                : await ContainerdAsync(request, address, daemon, limit.Token);
        }
        catch (RpcException e)
        {
            throw new DrillException($"{who} and does not answer as {request.Target} does: {e.Status.Detail}", e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new DrillException($"{who} and does not answer in {Limit.TotalSeconds:0} s", e);
        }
    }

    private static string UsualAddress(string target) => target switch
    {
        TargetNames.Containerd => "/run/containerd/containerd.sock",
        TargetNames.Docker => "/var/run/docker.sock",
        TargetNames.Shimstack => "/run/shimstack/shimstackd.sock",
        _ => throw new DrillException(
            $"{target} is no daemon: --live is for {TargetNames.Shimstack}, {TargetNames.Containerd} and {TargetNames.Docker}"),
    };

    private static async Task<LiveFacts> ContainerdAsync(LiveRequest request, string address, DaemonProcess daemon, CancellationToken stop)
    {
        // Both speak the same API.
        if ((daemon.Name == Shimstackd) != (request.Target == TargetNames.Shimstack))
        {
            throw new DrillException(
                $"{daemon.Program}, process {daemon.Pid}, listens on {address}: that is no daemon of --target {request.Target}");
        }

        using DaemonClient client = new(address, "default");
        VersionResponse version = await client.Version.VersionAsync(new(), cancellationToken: stop);
        ListNamespacesResponse namespaces = await client.Namespaces.ListAsync(new ListNamespacesRequest(), cancellationToken: stop);
        List<(string, int)> others = [];
        foreach (string name in namespaces.Namespaces.Select(static one => one.Name).Order(StringComparer.Ordinal))
        {
            using DaemonClient inside = new(address, name);
            int count = (await inside.Tasks.ListAsync(new ListTasksRequest(), cancellationToken: stop)).Tasks.Count;
            others.AddRange(count > 0 ? [(name, count)] : []);
        }

        return new LiveFacts(request.Target, address, daemon, await StartAsync(request, address, daemon))
        {
            Version = $"{daemon.Name} {version.Version}",
            Runtime = request.Runtime.Length > 0 ? request.Runtime : Default,
            Others = others,
        };
    }

    private static async Task<LiveFacts> DockerAsync(LiveRequest request, string address, DaemonProcess daemon, CancellationToken stop)
    {
        using DockerClient client = new(address);
        DockerSurvey survey = await DockerSurvey.LookAsync(client, daemon, address, stop);
        return new LiveFacts(request.Target, address, daemon, await StartAsync(request, address, daemon))
        {
            Version = survey.Title,
            Runtime = request.Runtime,
            Others = survey.Running > 0 ? [("docker", survey.Running)] : [],
            Docker = survey.Facts,
        };
    }

    private static async Task<IDaemonStart> StartAsync(LiveRequest request, string address, DaemonProcess daemon)
    {
        if (request.StartCommand is string command)
        {
            return new CommandStart(command, address, daemon);
        }

        using WatchLoop loop = new();
        return await UnitStart.FindAsync(loop, daemon);
    }
}
