namespace ShimStack.Ctl.Kernel;

/// <summary>Which cgroups a machine has, and where. See cgroups(7).</summary>
/// <param name="Unified">Where version 2 is mounted; null if it is not.</param>
/// <param name="Controllers">Where each controller of version 1 is mounted.</param>
internal sealed record CgroupMounts(string? Unified, IReadOnlyDictionary<string, string> Controllers)
{
    private const int PlaceField = 1;
    private const int TypeField = 2;
    private const int OptionsField = 3;

    private static readonly string[] Known =
    [
        "cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "hugetlb", "net_cls", "net_prio", "perf_event", "rdma", "misc",
    ];

    /// <summary>"v1", "v2", "hybrid" (controllers in version 1, version 2 beside it) or "none".</summary>
    public string Mode => (Controllers.Count > 0, Unified is not null) switch
    {
        (true, true) => "hybrid",
        (true, false) => "v1",
        (false, true) => "v2",
        _ => "none",
    };

    public static CgroupMounts Read(KernelFiles kernel)
    {
        string? unified = null;
        Dictionary<string, string> controllers = [];
        foreach (string[] fields in kernel.Lines("/proc/self/mounts").Select(line => line.Split(' ')).Where(fields => fields.Length > OptionsField))
        {
            if (fields[TypeField] == "cgroup2")
            {
                unified ??= fields[PlaceField];
            }
            else if (fields[TypeField] == "cgroup")
            {
                foreach (string controller in fields[OptionsField].Split(',').Intersect(Known))
                {
                    controllers.TryAdd(controller, fields[PlaceField]);
                }
            }
        }

        return new CgroupMounts(unified, controllers);
    }

    /// <summary>The folder of a process in the hierarchy of a controller; null if there is none, or it is not mounted.</summary>
    /// <param name="lines">Of the process's cgroup file.</param>
    /// <param name="controller">Which one; that of version 2 has them all.</param>
    public string? Folder(IEnumerable<string> lines, string controller)
    {
        foreach (string[] fields in lines.Select(line => line.Split(':', 3)).Where(fields => fields.Length == 3))
        {
            if (fields[1].Split(',').Contains(controller) && Controllers.TryGetValue(controller, out string? mount))
            {
                return mount + fields[2];
            }
        }

        return !Controllers.ContainsKey(controller) && Unified is not null && Path(lines, "") is string path ? Unified + path : null;
    }

    /// <summary>The path of a process in the hierarchy of a controller, or of version 2 for "".</summary>
    public static string? Path(IEnumerable<string> lines, string controller) => lines
        .Select(line => line.Split(':', 3))
        .FirstOrDefault(fields => fields.Length == 3 && (controller.Length == 0 ? fields[0] == "0" : fields[1].Split(',').Contains(controller)))?[2];
}
