using System.Collections.Concurrent;

namespace ShimStack.Ttrpc.Tests;

/// <summary>A synchronization context with one thread, as a program with an event loop has.</summary>
internal sealed class SingleThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

    /// <summary>Runs a story to its end on a thread of its own.</summary>
    public static async Task RunAsync(Func<Task> story)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            SingleThread context = new();
            SetSynchronizationContext(context);
            Task task = story();
            task.ContinueWith(_ => context._posted.CompleteAdding(), TaskScheduler.Default);
            foreach ((SendOrPostCallback callback, object? state) in context._posted.GetConsumingEnumerable())
            {
                callback(state);
            }
            ended.SetFromTask(task);
        });
        thread.Start();
        await ended.Task.WithTimeout();
    }
}
