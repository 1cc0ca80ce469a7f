using ShimStack.Native;
using ShimStack.Native.Sockets;

namespace ShimStack.Shim.Events;

/// <summary>
/// Looks at a call to the daemon that is not answered. One that was read and gets no answer is given up, to be sent again. One that was not even
/// read is waited for: a daemon that is frozen reads it when it goes on, and another copy would be one too many.
/// </summary>
internal sealed class AnswerWatch : IDisposable
{
    // Twice makes the 5 s that an answer may take; also what a daemon that goes on has, at least.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2500);

    private readonly FileDescriptor _socket;
    private readonly Action _frozen;
    private readonly CancellationTokenSource _giveUp;
    private readonly ITimer _timer;
    private int _looks;
    private int _timesRead;

    /// <param name="time">Of the loop.</param>
    /// <param name="socket">The connection.</param>
    /// <param name="frozen">Called while the daemon reads nothing.</param>
    /// <param name="cancellation">The caller's own.</param>
    public AnswerWatch(TimeProvider time, FileDescriptor socket, Action frozen, CancellationToken cancellation)
    {
        (_socket, _frozen) = (socket, frozen);
        _giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _timer = time.CreateTimer(static self => ((AnswerWatch)self!).Look(), this, Pause, Pause);
    }

    /// <summary>Ends the call.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    /// <summary>The daemon has not read the call for so long that it counts as away.</summary>
    public bool IsLate { get; private set; }

    public void Dispose()
    {
        _timer.Dispose();
        _giveUp.Dispose();
    }

    private void Look()
    {
        if (_socket.IsClosed)
        {
            return; // the call has failed, and who made it learns of that next
        }

        _looks++;
        _timesRead = UnixSocket.IsAllRead(_socket) ? _timesRead + 1 : 0;
        if (_timesRead == 2)
        {
            _giveUp.Cancel();
        }
        else if (_looks >= 2 && _timesRead == 0)
        {
            IsLate = true;
            _frozen();
        }
    }
}
