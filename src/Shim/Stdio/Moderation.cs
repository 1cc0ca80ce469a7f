namespace ShimStack.Shim.Stdio;

/// <summary>
/// Whether a source is to tell of its bytes, or is looked at from tick to tick. A pipe wakes who waits for it at every write: a process that
/// writes lines at full speed would wake the shim for each. So network drivers do with their interrupts. Edges that come one by one are
/// never given up: the line of a slow stream, the echo of a key is not delayed.
/// </summary>
internal struct Moderation
{
    /// <summary>So many edges are counted together.</summary>
    public const int Burst = 16;

    /// <summary>By how many the looks that find nothing outnumber the others when edges are waited for again.</summary>
    public const int EmptyLooks = 6;

    /// <summary>A burst is too much if it comes within this time: then a look from tick to tick finds more than one write.</summary>
    public static readonly TimeSpan TooFast = TimeSpan.FromMilliseconds(2);

    private int _count;
    private long _since;

    /// <summary>The source is looked at; it tells nothing.</summary>
    public bool Looks { get; private set; }

    /// <summary>An edge has brought bytes. True if from now on the source is looked at.</summary>
    public bool Edge(TimeProvider time)
    {
        if (++_count < Burst)
        {
            return false;
        }

        _count = 0;
        long now = time.GetTimestamp();
        Looks = _since != 0 && time.GetElapsedTime(_since, now) <= TooFast;
        _since = now;
        return Looks;
    }

    /// <summary>A look has found bytes, or none. True if from now on edges are waited for.</summary>
    public bool Look(bool found)
    {
        _count = found ? Math.Max(_count - 1, 0) : _count + 1;
        if (_count < EmptyLooks)
        {
            return false;
        }

        (Looks, _count, _since) = (false, 0, 0);
        return true;
    }
}
