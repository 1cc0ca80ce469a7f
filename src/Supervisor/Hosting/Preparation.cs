using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Processes;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// Makes gRPC ready on a thread of its own from the first moment, beside all that is read and opened meanwhile: each is half of the time of a start. With the
/// first call that it makes, gRPC fills tables of types and of code, and so one is made here that its clients begin with.
/// </summary>
internal sealed class Preparation
{
    private readonly TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<ApiCalls> _making;

    private Preparation()
    {
        Loop.Start();
        Methods = new ApiMethods(new CallEdge(Loggers.CreateLogger("calls"), _whole.Task));
        LifeSigns.AddTo(Methods, End);
        _making = Task.Run(Make);
    }

    /// <summary>
    /// Its thread runs already. Who starts a thread waits for it, and the kernel may put it behind one that is busy, until the next tick: that is 4 ms on two
    /// processors. So what can be started before they are busy is, and what can wait (our timers) is not started before the daemon serves.
    /// </summary>
    public DescriptorLoop Loop { get; } = new();

    /// <summary>Where calls are added, also while it goes on.</summary>
    public ApiMethods Methods { get; }

    /// <summary>Of the daemon that this is for.</summary>
    public DaemonEnd End { get; } = new();

    /// <summary>The log, of which nobody knows yet how much is to be said.</summary>
    public StderrLoggers Loggers { get; } = new(TimeProvider.System);

    /// <summary>Begins.</summary>
    public static Preparation Begin() => new();

    /// <summary>What answers calls, once it is ready.</summary>
    public Task<ApiCalls> CallsAsync() => _making;

    /// <summary>All is there: calls are answered from now on.</summary>
    public void IsWhole() => _whole.SetResult();

    private ApiCalls Make()
    {
        ApiCalls calls = new(Methods, Loggers);
        _ = calls.Make(LifeSigns.First) ?? throw new InvalidOperationException($"nobody answers {LifeSigns.First}");
        return calls;
    }
}
