namespace ShimStack.Supervisor.Tasks;

/// <summary>What filters can ask of a task.</summary>
internal static class TaskFields
{
    /// <summary>The value at a path; null if there is none.</summary>
    public static string? Of(SupervisedTask task, ReadOnlySpan<string> path) => path switch
    {
        ["id"] => task.Id,
        ["namespace"] => task.Namespace,
        _ => null,
    };
}
