using Google.Protobuf;
using ShimStack.Api.Task;
using ShimStack.Shim.Events;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Control;

/// <summary>
/// Why a call is not answered yet. It is worked out from the tables when somebody asks, so that no call pays for it.
/// </summary>
internal sealed class CallReasons(TaskTable tasks, RuntimeCalls runtime)
{
    /// <summary>What an open call waits for; null where nothing is known of it.</summary>
    public string? Of(OpenCall call)
    {
        ExitSubject subject = SubjectOf(call);
        ContainerTask? task = tasks.Find(subject.Task);
        TaskProcess? process = task?.Find(subject);
        return call.Method switch
        {
            TaskServices.Wait when process is not null => $"the exit of pid {process.Pid}",
            _ when process is null or { Gate.IsHeld: false } => RuntimeOf(subject.Task),
            _ when process.Gate.Holder == call.Method => process.Gate.WaitsFor ?? RuntimeOf(subject.Task),
            _ => $"its turn after {process.Gate.Holder}",
        };
    }

    /// <summary>The container and exec that a call of the Task service is about; empty where it names none.</summary>
    public static ExitSubject SubjectOf(OpenCall call)
    {
        try
        {
            // All requests have the container in field 1; these also the exec in field 2.
            return call.Method is TaskServices.Wait or TaskServices.Start or TaskServices.Kill or TaskServices.Delete or TaskServices.Exec
                && call.Message(StateRequest.Parser) is StateRequest request
                ? new ExitSubject(request.Id, request.ExecId)
                : new ExitSubject(call.Message(PidsRequest.Parser).Id, string.Empty);
        }
        catch (InvalidProtocolBufferException)
        {
            return new ExitSubject(string.Empty, string.Empty); // of another service, or refused as soon as it is looked at
        }
    }

    private string? RuntimeOf(string container)
    {
        foreach (RuntimeCall running in runtime.Running)
        {
            if (running.Container == container)
            {
                return $"the runtime's {running.Command}, pid {running.Pid}";
            }
        }

        return null;
    }
}
