namespace ShimStack.Supervisor.Restart;

/// <summary>How long a container waits before it is started again: 100 ms, doubled each time up to a minute, as docker has it.</summary>
internal static class Backoff
{
    private const double Spread = 0.2;

    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Who has run so long was in order, and begins anew.</summary>
    public static readonly TimeSpan InOrder = TimeSpan.FromSeconds(10);

    /// <param name="previous">The wait before; zero for the first.</param>
    /// <param name="ran">How long the run lasted that has ended.</param>
    public static TimeSpan Next(TimeSpan previous, TimeSpan ran)
    {
        if (previous < First || ran >= InOrder)
        {
            return First;
        }

        return previous < Longest / 2 ? previous * 2 : Longest;
    }

    /// <summary>Up to a fifth shorter or longer: what has ended together does not come back together.</summary>
    /// <param name="delay">From <see cref="Next"/>.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan Jittered(TimeSpan delay, double chance) => delay * (1 - Spread + (2 * Spread * chance));
}
