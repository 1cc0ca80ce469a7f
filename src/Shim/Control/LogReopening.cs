using ShimStack.Api.Control;
using ShimStack.Native;
using ShimStack.Shim.Stdio.Logs;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Control;

/// <summary>ReopenLogs: what a log rotator calls after it has renamed files.</summary>
internal sealed class LogReopening(TaskTable tasks)
{
    public ReopenLogsResponse Reopen(ReopenLogsRequest request)
    {
        List<LogFile> logs = [];
        foreach (ContainerTask task in request.Id.Length == 0 ? tasks.All : [tasks.Get(request.Id)])
        {
            CollectLogs(task, logs);
        }

        ReopenLogsResponse response = new();
        List<string> failures = [];
        foreach (LogFile log in logs)
        {
            try
            {
                log.Reopen();
                response.Paths.Add(log.Path);
            }
            catch (SyscallException e)
            {
                failures.Add(e.Message);
            }
        }

        return failures.Count == 0 ? response : throw RpcException.Unknown($"logs go on into their old files: {string.Join("; ", failures)}");
    }

    private static void CollectLogs(ContainerTask task, List<LogFile> logs)
    {
        task.Init.Stdio?.CollectLogs(logs);
        foreach (TaskProcess exec in task.Execs.Values)
        {
            exec.Stdio?.CollectLogs(logs);
        }
    }
}
