using System.CommandLine;
using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Streams;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl attach`: back in front of a container that was left.</summary>
internal static class AttachCommand
{
    private static readonly Argument<string> Id = ContainerArgument.One();

    public static Command Create()
    {
        Command command = new("attach", "Joins input and output of a container, and ends as it does") { Id };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            return await AttachAsync(scope, result.GetValue(Id)!);
        });
        return command;
    }

    private static async Task<int> AttachAsync(CommandScope scope, string id)
    {
        Container container = await ContainerRecords.GetAsync(scope.Client, id, scope.Cancellation);
        Process task = await ContainerRecords.TryGetTaskAsync(scope.Client, id, scope.Cancellation)
            ?? throw new CtlException($"nothing runs in {id}: remove it with shimctl rm {id}, and run it again");
        StdioFolder folder = Folder(id, container, task);
        using SignalForwarding signals = new();
        Parting parting;
        using (ClientStreams streams = ClientStreams.OpenAgain(folder, task.Terminal))
        {
            parting = await new ForegroundProcess(scope, id, "", streams, signals).RunAsync(start: null);
            if (parting.HasExited)
            {
                await streams.DrainAsync();
            }
        }

        if (parting.HasExited)
        {
            folder.Remove();
        }

        if (parting.HasExited && container.Labels.ContainsKey(ContainerLabels.Remove))
        {
            await ContainerRemoval.RemoveAsync(scope.Client, id, force: false, CancellationToken.None);
        }

        return parting.ExitCode;
    }

    private static StdioFolder Folder(string id, Container container, Process task)
    {
        if (container.Labels.ContainsKey(ContainerLabels.LogFile))
        {
            throw new CtlException($"{id} writes to a log: read it with shimctl logs {id}");
        }

        StdioFolder folder = StdioFolder.Of(task.Stdout) ?? throw new CtlException($"the streams of {id} belong to another client: attach with that one");
        return File.Exists(folder.Output) ? folder
            : task.Status == Status.Stopped ? throw new CtlException($"{id} has ended with exit code {task.ExitStatus}: shimctl rm {id} removes it")
            : throw new CtlException($"the FIFOs of {id} are gone from {folder.FolderPath}: it can only be stopped, by shimctl stop {id}");
    }
}
