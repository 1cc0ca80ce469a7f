namespace ShimStack.Drill.Watching;

/// <summary>What can be seen from outside while a call is under way.</summary>
internal enum SightKind
{
    /// <summary>The request has been sent.</summary>
    Sent,

    /// <summary>A file or folder below the drill's folder has come.</summary>
    Comes,

    /// <summary>It has gone.</summary>
    Goes,

    /// <summary>An event has come.</summary>
    Event,

    /// <summary>The call is answered.</summary>
    Answer,
}

/// <summary>A moment of a call.</summary>
/// <param name="Kind">What sort of thing is seen.</param>
/// <param name="What">A path, in which {bundle}, {runtime}, {socket} and {id} stand for those of the call; or the topic of an
/// event.</param>
/// <param name="Text">In words.</param>
internal sealed record Sight(SightKind Kind, string What, string Text)
{
    public static Sight Sent { get; } = new(SightKind.Sent, "", "it has been sent");

    public static Sight Answer { get; } = new(SightKind.Answer, "", "it is answered");

    public static Sight Comes(string path, string what) => new(SightKind.Comes, path, $"{what} is there");

    public static Sight Goes(string path, string what) => new(SightKind.Goes, path, $"{what} is gone");

    public static Sight Event(string topic) => new(SightKind.Event, topic, $"the event {topic} comes");
}
