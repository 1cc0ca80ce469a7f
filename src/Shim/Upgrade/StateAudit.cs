using Google.Protobuf;
using ShimStack.Api.Runc;
using ShimStack.Shim.State;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Stdio.Logs;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Upgrade;

/// <summary>Whether this build understands all of a state: each thing that picking it up would trip over, by name.</summary>
internal static class StateAudit
{
    /// <exception cref="InvalidDataException">It does not.</exception>
    public static void Require(ShimRecord record, string nameSpace)
    {
        ShimState.Require(record);
        if (record.Namespace != nameSpace)
        {
            throw new InvalidDataException($"the state is of namespace {record.Namespace}, and the command line of {nameSpace}");
        }

        RequireDescriptor(record, record.Listener, "the listener");
        foreach (TaskRecord task in record.Tasks)
        {
            RequireTask(record, task);
        }
    }

    private static void RequireTask(ShimRecord record, TaskRecord task)
    {
        if (task.Id.Length == 0 || task.Init is null)
        {
            throw new InvalidDataException($"container {task.Id} has no id or no init");
        }

        try
        {
            Options.Parser.ParseFrom(task.Options);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"the options of container {task.Id}: {e.Message}", e);
        }

        RequireProcess(record, task.Init);
        foreach (ProcessRecord exec in task.Execs)
        {
            RequireProcess(record, exec);
        }
    }

    private static void RequireProcess(ShimRecord record, ProcessRecord process)
    {
        if ((ProcessState)process.State is < ProcessState.Created or > ProcessState.Paused)
        {
            throw new InvalidDataException($"process {process.Id} has the unknown state {process.State}");
        }

        if (process.Stdio is not StdioRecord stdio)
        {
            return;
        }

        RequireStream(record, process, stdio.Input);
        foreach (StreamRecord output in stdio.Outputs)
        {
            RequireStream(record, process, output);
        }
    }

    private static void RequireStream(ShimRecord record, ProcessRecord process, StreamRecord? stream)
    {
        if (stream is null)
        {
            return;
        }

        if ((SourceKind)stream.SourceKind > SourceKind.Terminal || (SinkKind)stream.SinkKind > SinkKind.Logger)
        {
            throw new InvalidDataException($"{stream.Name} of process {process.Id} is of an unknown kind: {stream.SourceKind} to {stream.SinkKind}");
        }

        RequireDescriptor(record, stream.Source, $"the source of {stream.Name} of process {process.Id}");
        if (stream.Log is LogStreamRecord log && ((LogFormat)log.Format > LogFormat.Json || !HasFile(record, log.Path)))
        {
            throw new InvalidDataException($"{stream.Name} of process {process.Id} goes to the log {log.Path}, which is of an unknown format or in no record");
        }
    }

    private static bool HasFile(ShimRecord record, string path)
    {
        foreach (LogFileRecord file in record.LogFiles)
        {
            if (file.Path == path)
            {
                return true;
            }
        }

        return false;
    }

    private static void RequireDescriptor(ShimRecord record, uint number, string what)
    {
        if (number == 0 || !record.Descriptors.Contains(number))
        {
            throw new InvalidDataException($"{what} has no descriptor");
        }
    }
}
