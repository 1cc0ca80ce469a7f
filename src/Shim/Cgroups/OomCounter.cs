namespace ShimStack.Shim.Cgroups;

/// <summary>What a look at the counter told.</summary>
internal enum OomLook
{
    /// <summary>Nobody was killed since the look before.</summary>
    Same,

    /// <summary>Somebody was killed since the look before.</summary>
    More,

    /// <summary>The kernel does not count: version 1 before Linux 4.13.</summary>
    NotCounted,

    /// <summary>The cgroup has gone, or has no memory controller.</summary>
    Gone,
}

/// <summary>
/// How many processes of a container the kernel has killed for want of memory, with the text of the last look: that one outlives
/// the cgroup. The kernel counts before it kills, so who has been reaped has been counted. Contract chapters 8.1 and 8.2.
/// </summary>
/// <param name="directory">Where the memory controller counts the container; null where it does not.</param>
/// <param name="file">Where it is in there: <see cref="FileV1"/> or <see cref="FileV2"/>.</param>
/// <param name="seen">The text of the last look; empty before the first.</param>
internal sealed class OomCounter(string? directory, string file, ReadOnlyMemory<byte> seen)
{
    public const string FileV1 = "memory.oom_control";
    public const string FileV2 = "memory.events";

    private const int MaxLength = 512;

    /// <summary>The text of the last look that found the file; empty before the first.</summary>
    public ReadOnlyMemory<byte> Seen { get; private set; } = seen;

    /// <summary>What it was at the last look.</summary>
    public ulong Kills => new FlatKeys(Seen.Span)["oom_kill"u8];

    /// <summary>Reads the counter again.</summary>
    public OomLook Look()
    {
        using CgroupFiles files = new(directory, stackalloc byte[MaxLength]);
        ReadOnlySpan<byte> text = files.Read(file);
        if (text.IsEmpty)
        {
            return OomLook.Gone;
        }

        ulong before = Kills;
        if (!text.SequenceEqual(Seen.Span))
        {
            Seen = text.ToArray();
        }

        FlatKeys keys = new(text);
        return keys.Has("oom_kill"u8) ? (Kills > before ? OomLook.More : OomLook.Same) : OomLook.NotCounted;
    }
}
