using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.HandOver;
using ShimStack.Api.Upgrades;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Processes;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>
/// The builds that serve in one process, one after the other. Each leaves a letter and its descriptors to the next, by execve(2). A build that was
/// put in the place of another and does not come to serve puts that one back, which is final: so two builds never hand the process to and fro.
/// </summary>
internal sealed class Succession
{
    private readonly Letter? _received;
    private readonly BuildExecution _execution;
    private readonly TaskCompletionSource _leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FileDescriptor? _wayBack;
    private StartGuard? _guard;
    private Successor? _next;
    private string? _failure;
    private volatile bool _isStarting;

    private Succession(OwnProgram own, Letter? received)
    {
        (Own, _received) = (own, received);
        _execution = new BuildExecution(own, Kept);
    }

    /// <summary>How this process was started.</summary>
    public OwnProgram Own { get; }

    /// <summary>What outlives a build.</summary>
    public KeptDescriptors Kept { get; } = new();

    /// <summary>No other build has served in this process before.</summary>
    public bool IsFirst => _received is null;

    /// <summary>This build.</summary>
    public Build Running => new() { Version = SupervisorVersion.Text, Path = Own.Path };

    /// <summary>What to serve with, in the place of file and flags, which may be what the other build could not serve with; null for file and flags.</summary>
    public SupervisorSettings? Settings { get; private init; }

    /// <summary>What came of the last upgrade; null if there was none.</summary>
    public Outcome? Last { get; private set; }

    /// <summary>Ends when this build is to let go.</summary>
    public Task Leaving => _leaving.Task;

    /// <summary>Takes what the build before has left, if there was one. Called before the environment is used.</summary>
    public static Succession Begin()
    {
        OwnProgram own = OwnProgram.Read();
        Letter? letter = LetterFile.Take();
        if (letter is null)
        {
            return new Succession(own, null);
        }

        own.Settle();
        bool isBack = letter.Failure.Length > 0;
        Succession succession = new(own, letter)
        {
            Settings = isBack ? ConfigurationFile.Parse("settings", letter.Settings, new SupervisorSettings()) : null,
        };
        if (letter.WayBack > 0)
        {
            succession.Watch(FileDescriptor.Take(letter.WayBack), new TimeSpan(letter.Limit / TimeSpan.NanosecondsPerTick));
        }

        succession.Kept.Inherit(letter.Descriptors);
        return succession;
    }

    /// <summary>Gives the orphans' ends that the build before knew to who wants to know them.</summary>
    public void Recall(OrphanExits orphans)
    {
        foreach (Orphan orphan in _received?.Orphans ?? [])
        {
            orphans.Add(new ChildExit(orphan.Pid, orphan.Status), orphan.EndedAt.ToDateTimeOffset());
        }

        _execution.Orphans = orphans;
    }

    /// <summary>This build serves: there is no way back any more.</summary>
    public void Serves(ILogger logger)
    {
        _guard?.Served();
        if (_received is null)
        {
            return;
        }

        if (_isStarting)
        {
            _isStarting = false;
            TakeWayBack().Dispose();
        }

        Kept.GoOn = false;
        Kept.CloseUnclaimed();
        TimeSpan silence = Stopwatch.GetElapsedTime(_received.SilentSince);
        Last = new Outcome
        {
            Id = _received.Upgrade,
            From = _received.From,
            To = _received.To,
            Failure = _received.Failure,
            Silence = Duration.FromTimeSpan(silence),
        };
        logger.TookOver(Last, silence);
    }

    /// <summary>This build cannot serve.</summary>
    public void Failed(string reason) => _failure ??= reason;

    /// <summary>Another build is to take over: <see cref="Leaving"/> ends.</summary>
    public void Accept(Successor next)
    {
        _next = next;
        Kept.GoOn = true;
        _leaving.TrySetResult();
    }

    /// <summary>From now on no call is taken.</summary>
    public void FallSilent() => _next!.Letter.SilentSince = Stopwatch.GetTimestamp();

    /// <summary>We were asked to end after all.</summary>
    public void Forgo()
    {
        _next = null;
        Kept.GoOn = false;
    }

    /// <summary>Executes who is to come next: the build that was accepted, or, if this one has not served, the one before. Returns if there is none.</summary>
    public void Continue()
    {
        if (_next is Successor next)
        {
            LeaveTo(next);
        }
        else if (_isStarting)
        {
            GoBack(_failure ?? "it ended before it served");
        }
    }

    private void Watch(FileDescriptor wayBack, TimeSpan limit)
    {
        Files.SetInherited(wayBack, false);
        _wayBack = wayBack;
        _isStarting = true;
        Kept.GoOn = true;
        AppDomain.CurrentDomain.UnhandledException += (_, e) =>
        {
            if (_isStarting) // afterwards it ends the process, as it does anywhere
            {
                GoBack((e.ExceptionObject as Exception)?.Message ?? "an unhandled exception");
            }
        };
        _guard = new StartGuard(limit, () => GoBack($"it did not serve within {limit.TotalSeconds} s"));
    }

    private void LeaveTo(Successor next)
    {
        using FileDescriptor self = Files.Open("/proc/self/exe", OpenFlags.O_RDONLY);
        try
        {
            _execution.Run(next.Build.Descriptor, next.Letter, self);
        }
        catch (SyscallException e)
        {
            Letter letter = next.Letter.Clone();
            letter.Failure = e.Message;
            _execution.Run(self, letter, null);
        }
    }

    private void GoBack(string reason)
    {
        Letter letter = _received!.Clone();
        letter.Failure = reason.ReplaceLineEndings(" ");
        using FileDescriptor previous = TakeWayBack();
        try
        {
            _execution.Run(previous, letter, null);
        }
        catch (SyscallException e)
        {
            StandardStreams.Write(StandardStreams.Error, $"shimstackd: the build before cannot be put back: {e.Message}\n");
            _isStarting = false;
        }
    }

    // One thread at most goes back. Who comes later ends with all others when that one executes.
    private FileDescriptor TakeWayBack()
    {
        FileDescriptor? wayBack = Interlocked.Exchange(ref _wayBack, null);
        if (wayBack is null)
        {
            new ManualResetEventSlim().Wait();
        }

        return wayBack!;
    }
}

/// <summary>A build that was accepted, and what it is left.</summary>
internal sealed record Successor(BuildFile Build, Letter Letter);
