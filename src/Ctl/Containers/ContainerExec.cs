using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Grpc.Core;
using ShimStack.Api;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Streams;

namespace ShimStack.Ctl.Containers;

/// <summary>One `shimctl exec`: like the first process of the container, with what the command line says on top.</summary>
internal sealed class ContainerExec(CommandScope scope, string id, ProcessSettings settings)
{
    private readonly DaemonClient _client = scope.Client;
    private readonly string _exec = "e-" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <returns>The exit code for shimctl.</returns>
    public async Task<int> RunAsync()
    {
        using SignalForwarding signals = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(scope.Cancellation, signals.Interrupted);
        Container container = await ContainerRecords.GetAsync(_client, id, stop.Token);
        StdioFolder folder = StdioFolder.Create(id, settings.Terminal);
        Parting parting = default;
        try
        {
            using ClientStreams streams = ClientStreams.Open(folder, settings.Terminal);
            await _client.Tasks.ExecAsync(Request(container, folder), cancellationToken: stop.Token);
            parting = await RunAsync(streams, signals, stop.Token);
        }
        finally
        {
            // Nobody can attach to one that was left; its output is kept by the shim while it runs.
            folder.Remove();
        }

        return parting.ExitCode;
    }

    private async Task<Parting> RunAsync(ClientStreams streams, SignalForwarding signals, CancellationToken cancellation)
    {
        Parting parting = default;
        bool isLeft = false;
        try
        {
            parting = await new ForegroundProcess(scope, id, _exec, streams, signals)
                .RunAsync(async () => await _client.Tasks.StartAsync(new StartRequest { ContainerId = id, ExecId = _exec }, cancellationToken: cancellation));
            isLeft = !parting.HasExited;
        }
        finally
        {
            if (!isLeft)
            {
                await DeleteAsync();
            }
        }

        if (parting.HasExited)
        {
            await streams.DrainAsync(); // A child of it may have had its output, too, until the shim closed that.
        }

        return parting;
    }

    private ExecProcessRequest Request(Container container, StdioFolder folder)
    {
        JsonObject spec = Json.TryUnpack(container.Spec) ?? throw new CtlException($"the record of {id} has no specification: shimctl inspect {id}");
        JsonObject process = spec.Child("process");
        SpecProcess.Apply(process, settings, spec["root"]?["path"]?.GetValue<string>() ?? "/");
        return new ExecProcessRequest
        {
            ContainerId = id,
            ExecId = _exec,
            Stdin = folder.Input,
            Stdout = folder.Output,
            Stderr = settings.Terminal ? "" : folder.Error,
            Terminal = settings.Terminal,
            Spec = OciDocument.Pack(TypeUrls.OciProcess, process),
        };
    }

    private async Task DeleteAsync()
    {
        try
        {
            await _client.Tasks.DeleteProcessAsync(new DeleteProcessRequest { ContainerId = id, ExecId = _exec });
        }
        catch (RpcException)
        {
            // It goes with its container; what matters to the user is how it ended.
        }
    }
}
