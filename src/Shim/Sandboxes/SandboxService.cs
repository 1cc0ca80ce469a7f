using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Sandbox;
using ShimStack.Api.Types;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Sandboxes;

/// <summary>
/// The Sandbox service as far as the reference has it (contract chapter 2.6): the sandbox of a pod is the shim itself, so there
/// is nothing to make or start, and to stop it is to end the shim. Pods themselves go through the Task service.
/// </summary>
internal sealed class SandboxService(TimeProvider time, Action shutdown)
{
    private readonly Timestamp _started = time.GetUtcNow().ToTimestamp();

    public void AddTo(TtrpcServer server)
    {
        Add(server, SandboxServices.CreateSandbox, CreateSandboxRequest.Parser, _ => new CreateSandboxResponse());
        Add(server, SandboxServices.StartSandbox, StartSandboxRequest.Parser, _ => Started());
        Add(server, SandboxServices.Platform, PlatformRequest.Parser, _ => OfThisMachine());
        Add(server, SandboxServices.StopSandbox, StopSandboxRequest.Parser, _ => End(new StopSandboxResponse()));
        Add(server, SandboxServices.WaitSandbox, WaitSandboxRequest.Parser, _ => new WaitSandboxResponse());
        Add(server, SandboxServices.SandboxStatus, SandboxStatusRequest.Parser, _ => new SandboxStatusResponse());
        Add(server, SandboxServices.PingSandbox, PingRequest.Parser, _ => new PingResponse());
        Add(server, SandboxServices.ShutdownSandbox, ShutdownSandboxRequest.Parser, _ => End(new ShutdownSandboxResponse()));
        Add(server, SandboxServices.SandboxMetrics, SandboxMetricsRequest.Parser, _ => new SandboxMetricsResponse());
    }

    private static void Add<TRequest, TResponse>(
        TtrpcServer server, string method, MessageParser<TRequest> parser, Func<TRequest, TResponse> answer)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        server.AddMethod(SandboxServices.V1, method, parser, (request, _) => ValueTask.FromResult(answer(request)));

    private static PlatformResponse OfThisMachine() => new()
    {
        Platform = new Platform
        {
            Os = "linux",
            Architecture = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "amd64" : "arm64",
        },
    };

    private StartSandboxResponse Started() => new() { Pid = (uint)CurrentProcess.Id, CreatedAt = _started };

    private T End<T>(T answer)
    {
        shutdown();
        return answer;
    }
}
