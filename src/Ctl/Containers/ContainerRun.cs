using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Logs;
using ShimStack.Ctl.Streams;

namespace ShimStack.Ctl.Containers;

/// <summary>
/// One `shimctl run`: record, streams, task, start, in this order; what was made is taken back if the next step fails.
/// </summary>
internal sealed class ContainerRun(CommandScope scope, RunSettings settings)
{
    private readonly DaemonClient _client = scope.Client;

    /// <summary>With the user in front of it.</summary>
    /// <returns>The exit code for shimctl.</returns>
    public async Task<int> ForegroundAsync()
    {
        using SignalForwarding signals = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(scope.Cancellation, signals.Interrupted);
        await ContainerRecords.CreateAsync(_client, settings, logFile: null, stop.Token);
        StdioFolder? folder = null;
        Parting parting;
        try
        {
            folder = StdioFolder.Create(settings.Id, settings.Process.Terminal);
            using ClientStreams streams = ClientStreams.Open(folder, settings.Process.Terminal);
            CreateTaskRequest request = new() { ContainerId = settings.Id, Stdin = folder.Input, Stdout = folder.Output, Terminal = settings.Process.Terminal };
            request.Stderr = settings.Process.Terminal ? "" : folder.Error;
            await _client.Tasks.CreateAsync(request, cancellationToken: stop.Token);
            parting = await new ForegroundProcess(scope, settings.Id, "", streams, signals).RunAsync(() => StartAsync(stop.Token));
            if (parting.HasExited)
            {
                await streams.DrainAsync();
            }
        }
        catch
        {
            await TakeBackAsync(folder);
            throw;
        }

        await FinishAsync(parting, folder);
        return parting.ExitCode;
    }

    /// <summary>Alone, with a log.</summary>
    /// <returns>Its pid.</returns>
    public async Task<uint> BackgroundAsync(string logFile)
    {
        await ContainerRecords.CreateAsync(_client, settings, logFile, scope.Cancellation);
        try
        {
            CreateTaskRequest request = new() { ContainerId = settings.Id, Stdout = LogLocation.Uri(logFile), Terminal = settings.Process.Terminal };
            request.Stderr = settings.Process.Terminal ? "" : request.Stdout;
            await _client.Tasks.CreateAsync(request, cancellationToken: scope.Cancellation);
            return await StartAsync(scope.Cancellation);
        }
        catch
        {
            await TakeBackAsync(folder: null);
            LogLocation.Remove(logFile);
            throw;
        }
    }

    private async Task<uint> StartAsync(CancellationToken cancellation) =>
        (await _client.Tasks.StartAsync(new StartRequest { ContainerId = settings.Id }, cancellationToken: cancellation)).Pid;

    private async Task FinishAsync(Parting parting, StdioFolder folder)
    {
        if (!parting.HasExited)
        {
            return; // It goes on, and another shimctl may attach.
        }

        folder.Remove();
        if (!settings.Remove)
        {
            return;
        }

        try
        {
            await ContainerRemoval.DeleteTaskAsync(_client, settings.Id, CancellationToken.None);
            await _client.Containers.DeleteAsync(new DeleteContainerRequest { Id = settings.Id });
        }
        catch (RpcException e)
        {
            // How it ended is still the answer.
            Output.Screen.Complain($"{settings.Id} has ended, but is not removed ({CallErrors.Sentence(e, _client.Address)}): shimctl rm {settings.Id}");
        }
    }

    // It never ran, or we do not know; the reason of the failure is more than that this fails, too.
    private async Task TakeBackAsync(StdioFolder? folder)
    {
        folder?.Remove();
        try
        {
            await ContainerRemoval.RemoveAsync(_client, settings.Id, force: true, CancellationToken.None);
        }
        catch (Exception e) when (e is RpcException or CtlException)
        {
            Output.Screen.Complain($"{settings.Id} could not be taken back ({e.Message}): shimctl rm --force {settings.Id}");
        }
    }
}
