namespace ShimStack.SystemTests.Soak.Checks;

/// <summary>How long a check waits for what must come: long enough for a machine that is busy with the other tests, short enough to call it stuck.</summary>
internal static class Patience
{
    /// <summary>An answer to a question that nothing need be waited for.</summary>
    public static TimeSpan Call { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that nothing holds up.</summary>
    public static TimeSpan Output { get; } = TimeSpan.FromSeconds(60);

    /// <summary>An event that was announced while nobody listened: it is repeated after 2 and 10 s.</summary>
    public static TimeSpan Event { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How late the shim may take the time of an exit.</summary>
    public static TimeSpan ExitTime { get; } = TimeSpan.FromSeconds(1);

    /// <summary>How coarse the clocks are that are compared.</summary>
    public static TimeSpan Clock { get; } = TimeSpan.FromMilliseconds(10);
}
