using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Runc;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Runtime;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Checkpoint: a container's processes into a folder, by criu. Contract chapter 3.17.</summary>
internal sealed class TaskCheckpoint(TaskParts parts)
{
    public async ValueTask<Empty> CheckpointAsync(CheckpointTaskRequest request, ServerCallContext call)
    {
        ContainerTask task = parts.Tasks.Get(request.Id);
        CheckpointOptions options = OptionsOf(request.Options);
        using ProcessGate.Turn turn = await task.Init.Gate.EnterAsync("Checkpoint", call.Cancellation);
        using ProcessGate.Turn beforeExit = await task.Init.ExitGate.EnterAsync("Checkpoint", call.Cancellation);
        task.Init.Require(ProcessOperation.Checkpoint);
        bool ownWork = options.WorkPath.Length == 0;
        string work = ownWork ? Path.Join(task.Bundle, "work", "criu-work") : options.WorkPath;
        try
        {
            await task.Runtime.CheckpointAsync(new CheckpointCommand(task.Id, request.Path, work, options), call.Cancellation);
        }
        catch (RpcException e)
        {
            throw new RpcException(RpcCode.Unknown, $"{FirstLine(e.Message)} path= {KeepLog(work, task.Bundle)}", e);
        }
        finally
        {
            if (ownWork && Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }

        return new Empty();
    }

    private static CheckpointOptions OptionsOf(Any? options) => options switch
    {
        null or { Value.IsEmpty: true } => new CheckpointOptions(),
        _ when options.TypeUrl.EndsWith(TypeUrls.RuncCheckpointOptions, StringComparison.Ordinal) =>
            CheckpointOptions.Parser.ParseFrom(options.Value),
        _ => throw RpcException.InvalidArgument($"checkpoint options of type {options.TypeUrl}"),
    };

    private static string FirstLine(string text) => text.Split('\n', 2)[0];

    // The folder goes away with the failure; what criu said of it must not.
    private static string KeepLog(string work, string bundle)
    {
        string kept = Path.Join(bundle, "criu-dump.log");
        try
        {
            if (SmallFile.TryReadAll(Path.Join(work, "dump.log")) is byte[] log)
            {
                Files.Replace(kept, log, 0b110_000_000);
            }
        }
        catch (SyscallException e)
        {
            return $"{kept} ({e.Message})";
        }

        return kept;
    }
}
