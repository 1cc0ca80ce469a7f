using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using ShimStack.Wire;

namespace ShimStack.SystemTests.Daemons;

/// <summary>containerd's gRPC API over its unix socket, in one namespace.</summary>
internal sealed class DaemonClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Wire.Version.Version.VersionClient _version;

    public DaemonClient(string socket, string nameSpace)
    {
        _channel = DaemonChannel.Open(socket);
        CallInvoker invoker = DaemonChannel.InNamespace(_channel, nameSpace);
        Tasks = new Wire.Tasks.Tasks.TasksClient(invoker);
        Containers = new Wire.Containers.Containers.ContainersClient(invoker);
        Events = new Wire.Events.Events.EventsClient(invoker);
        Pods = new Wire.Cri.RuntimeService.RuntimeServiceClient(invoker);
        Images = new Wire.Cri.ImageService.ImageServiceClient(invoker);
        _version = new Wire.Version.Version.VersionClient(invoker);
    }

    public Wire.Tasks.Tasks.TasksClient Tasks { get; }

    public Wire.Containers.Containers.ContainersClient Containers { get; }

    public Wire.Events.Events.EventsClient Events { get; }

    /// <summary>What kubelet uses; only where the daemon serves Kubernetes.</summary>
    public Wire.Cri.RuntimeService.RuntimeServiceClient Pods { get; }

    public Wire.Cri.ImageService.ImageServiceClient Images { get; }

    public string Version() => _version.Version(new Empty(), deadline: DateTime.UtcNow.AddSeconds(1)).Version;

    public void Dispose() => _channel.Dispose();
}
