namespace ShimStack.FaultTests.Harness;

/// <summary>Messages for a table: short, in one line, and the same in each run.</summary>
internal static class Words
{
    private const int Longest = 90;

    /// <summary>The beginning of a message, without what is different in each run.</summary>
    public static string Short(string message, FaultStage stage)
    {
        string text = message.Replace(stage.Runtime.Binary, "runc", StringComparison.Ordinal)
            .Replace(stage.Daemon.Root, "…", StringComparison.Ordinal)
            .Replace(stage.Id, "ID", StringComparison.Ordinal)
            .ReplaceLineEndings(" ").Replace('|', '/').Trim();
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }
}
