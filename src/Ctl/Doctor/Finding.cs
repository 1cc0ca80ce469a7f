namespace ShimStack.Ctl.Doctor;

/// <summary>What a check has found, in one sentence, and what to do about it, in another.</summary>
internal sealed record Finding(Verdict Verdict, string Found, string? Advice = null)
{
    public static Finding Ok(string found) => new(Verdict.Ok, found);

    public static Finding Warning(string found, string advice) => new(Verdict.Warning, found, advice);

    public static Finding Failure(string found, string advice) => new(Verdict.Failure, found, advice);

    /// <summary>For a check that needs a daemon to ask.</summary>
    public static Finding NotLookedFor(string what) =>
        Warning($"{what} are not looked for, since that needs a daemon that answers", "start shimstackd, and ask again");

    /// <summary>"a, b, c and 4 more".</summary>
    public static string Some(IReadOnlyCollection<string> things)
    {
        const int Shown = 3;
        string first = string.Join(", ", things.Take(Shown));
        return things.Count > Shown ? $"{first} and {things.Count - Shown} more" : first;
    }
}
