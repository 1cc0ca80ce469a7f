using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Tests.Loop;

/// <summary>Runs a test on a loop of its own, on the test's thread, with an end to its patience.</summary>
internal static class LoopTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void Run(Func<EventLoop, Task> test)
    {
        using EventLoop loop = new();
        loop.Run(async () =>
        {
            await test(loop).WithTimeout(loop);
            return true;
        });
    }

    public static Task WithTimeout(this Task task, EventLoop loop) => task.WaitAsync(Limit, loop.Timers);

    public static Task<T> WithTimeout<T>(this Task<T> task, EventLoop loop) => task.WaitAsync(Limit, loop.Timers);

    /// <summary>Lets the loop look at its descriptors until something is so.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    /// <summary>Lets the loop look at its descriptors a few times.</summary>
    public static async Task TurnAsync()
    {
        for (int i = 0; i < 4; i++)
        {
            await Task.Yield();
        }
    }
}
