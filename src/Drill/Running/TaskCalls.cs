using Grpc.Core;
using ShimStack.Client;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Running;

/// <summary>The calls that the drill makes, each with its place in the journal.</summary>
internal sealed class TaskCalls(IDaemonApi api, DrillRecord record)
{
    public Task RegisterAsync(Subject subject) => CallAsync(subject, "Register", () => api.RegisterAsync(subject));

    public async Task CreateAsync(LiveProcess process)
    {
        int pid = await CallAsync(process.Subject, "Create", () => api.CreateAsync(process.Subject, process.Paths));
        process.Created();
        if (pid != 0)
        {
            process.Found(pid);
        }
    }

    public Task AddExecAsync(LiveProcess process) =>
        CallAsync(process.Subject, "Exec", () => api.AddExecAsync(process.Subject, process.Paths));

    public Task<int> StartAsync(Subject subject) => CallAsync(subject, "Start", () => api.StartAsync(subject));

    public Task KillAsync(Subject subject, Signal signal) => CallAsync(subject, $"Kill {signal}", () => api.KillAsync(subject, signal));

    public Task PauseAsync(Subject subject) => CallAsync(subject, "Pause", () => api.PauseAsync(subject));

    public Task ResumeAsync(Subject subject) => CallAsync(subject, "Resume", () => api.ResumeAsync(subject));

    public Task DeleteAsync(Subject subject) => CallAsync(subject, "Delete", () => api.DeleteAsync(subject));

    public Task UnregisterAsync(Subject subject) => CallAsync(subject, "Unregister", () => api.UnregisterAsync(subject));

    /// <summary>What the daemon knows of it; null if nothing.</summary>
    public Task<KnownProcess?> TryGetAsync(Subject subject) => api.TryGetAsync(subject);

    private Task<bool> CallAsync(Subject subject, string what, Func<Task> call) => CallAsync(subject, what, async () =>
    {
        await call();
        return true;
    });

    private async Task<T> CallAsync<T>(Subject subject, string what, Func<Task<T>> call)
    {
        record.Note(EntryKind.Call, subject.Name, $"{what} is sent");
        try
        {
            T answer = await call();
            record.Note(EntryKind.Call, subject.Name, $"{what} is answered");
            return answer;
        }
        catch (RpcException e)
        {
            record.Note(EntryKind.Call, subject.Name,
                ConnectionLoss.Is(e) ? $"{what} is cut" : $"{what} is refused: {e.StatusCode}, {e.Status.Detail}");
            throw;
        }
    }
}
