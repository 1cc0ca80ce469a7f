namespace ShimStack.Supervisor.Tasks;

/// <summary>Which tasks a caller wants the metrics of.</summary>
internal static class TaskFilter
{
    public static Func<SupervisedTask, bool> Parse(IReadOnlyList<string> filters)
    {
        HashSet<string> ids = [];
        foreach (string filter in filters)
        {
            ids.Add(filter.Replace("id==", "", StringComparison.Ordinal));
        }

        return task => ids.Count == 0 || ids.Contains(task.Id);
    }
}
