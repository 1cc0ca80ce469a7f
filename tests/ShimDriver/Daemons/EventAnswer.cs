namespace ShimStack.ShimDriver.Daemons;

/// <summary>What a daemon does with an event that a shim forwards.</summary>
public enum EventAnswer
{
    /// <summary>Takes it.</summary>
    Taken,

    /// <summary>Takes it after 100 ms.</summary>
    TakenSlowly,

    /// <summary>Refuses it with Unavailable: it may be sent again.</summary>
    RefusedForNow,

    /// <summary>Refuses it with InvalidArgument: to send it again is useless.</summary>
    RefusedForGood,

    /// <summary>Says nothing, and keeps the connection.</summary>
    None,
}
