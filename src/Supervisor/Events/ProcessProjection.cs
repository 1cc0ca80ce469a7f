using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Events;

/// <summary>
/// The table of processes, kept by the events of tasks in the transaction of each. It tells which exit is news, and which a repetition: shims
/// repeat an exit after an outage, and dockerd up to 28 takes every one as new. Of what was deleted, pid and name are kept as long as the journal
/// keeps the events of that time, so that a late exit does not end a newer run of the same name.
/// </summary>
internal sealed class ProcessProjection(PreparedStatements statements)
{
    private const string OfContainer = "namespace = ?1 AND container = ?2";
    private const string OfProcess = OfContainer + " AND exec = ?3";

    private const string Grave =
        "INSERT OR REPLACE INTO deleted_processes (namespace, container, exec, pid, exited, sequence)";

    private const string OfRows = "SELECT namespace, container, exec, pid, 1, ?4 FROM processes WHERE pid <> 0";

    /// <summary>Makes the change that an event tells of.</summary>
    /// <param name="change">What it tells.</param>
    /// <param name="sequence">The place that the event will have in the journal.</param>
    /// <returns>False: the event is the repetition of one that was published, and is to be dropped.</returns>
    public bool Apply(ProcessChange change, long sequence)
    {
        switch (change.Kind)
        {
            case ProcessChangeKind.Created:
                BuryContainer(change, sequence);
                Put(change);
                return true;
            case ProcessChangeKind.Added:
                BuryProcess(change, sequence);
                Put(change);
                return true;
            case ProcessChangeKind.Started:
                Put(change);
                return true;
            case ProcessChangeKind.Exited:
                return Exit(change, sequence);
            default:
                Delete(change, sequence);
                return true;
        }
    }

    private void Put(ProcessChange change)
    {
        int changed = Process(change,
            """
            INSERT INTO processes (namespace, container, exec, pid) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET pid = excluded.pid WHERE pid <> excluded.pid
            """).Bind(4, change.Pid).Run();
        if (changed > 0 && change.Pid != 0)
        {
            Process(change, $"DELETE FROM deleted_processes WHERE {OfProcess} AND pid = ?4").Bind(4, change.Pid).Run();
        }
    }

    private bool Exit(ProcessChange exit, long sequence)
    {
        if (End(exit, sequence))
        {
            return true;
        }

        (bool found, uint pid, bool exited) = Find(exit);
        if (found && (pid == exit.Pid || pid == 0 || exit.Pid == 0))
        {
            return !exited && Record(exit, sequence);
        }

        return WasDeleted(exit, out bool told)
            ? !told && !Exists(exit) && Tell(exit) // the first time, unless a newer run would take it for its own
            : found || Record(exit, sequence);
    }

    private (bool Found, uint Pid, bool Exited) Find(ProcessChange change)
    {
        PreparedStatement find = Process(change, $"SELECT pid, exit_status FROM processes WHERE {OfProcess}");
        using PreparedStatement.Running rows = find.Rows();
        return find.Step() ? (true, (uint)find.Int64(0), !find.IsNull(1)) : default;
    }

    // What most exits are: of a process that is known, and the first that is heard of its end.
    private bool End(ProcessChange exit, long sequence) => Process(exit,
        $"""
        UPDATE processes SET exit_status = ?4, exited_at = ?5, exit_sequence = ?6
        WHERE {OfProcess} AND exit_status IS NULL AND pid = ?7
        """).Bind(4, exit.ExitStatus).Bind(5, exit.ExitedAt).Bind(6, sequence).Bind(7, exit.Pid).Run() > 0;

    private bool Record(ProcessChange exit, long sequence) => statements.Of(
        """
        INSERT INTO processes (namespace, container, exec, pid, exit_status, exited_at, exit_sequence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT DO UPDATE SET exit_status = ?5, exited_at = ?6, exit_sequence = ?7, pid = max(pid, ?4)
        """).Bind(1, exit.Namespace).Bind(2, exit.Container).Bind(3, exit.Exec).Bind(4, exit.Pid)
            .Bind(5, exit.ExitStatus).Bind(6, exit.ExitedAt).Bind(7, sequence).Run() > 0;

    // An exit may come without its pid: who found a process dead need not have known it.
    private bool WasDeleted(ProcessChange exit, out bool told)
    {
        PreparedStatement find = Process(exit, $"SELECT min(exited) FROM deleted_processes WHERE {OfProcess} AND (pid = ?4 OR ?4 = 0)")
            .Bind(4, exit.Pid);
        using PreparedStatement.Running rows = find.Rows();
        bool found = find.Step() && !find.IsNull(0);
        told = found && find.Int64(0) != 0;
        return found;
    }

    // Whether there is anything of the container.
    private bool Exists(ProcessChange change)
    {
        PreparedStatement find = Container(change, $"SELECT 1 FROM processes WHERE {OfContainer}");
        using PreparedStatement.Running rows = find.Rows();
        return find.Step();
    }

    private bool Tell(ProcessChange exit) =>
        Process(exit, $"UPDATE deleted_processes SET exited = 1 WHERE {OfProcess} AND (pid = ?4 OR ?4 = 0)").Bind(4, exit.Pid).Run() > 0;

    private void Delete(ProcessChange change, long sequence)
    {
        (bool found, uint pid, _) = Find(change);
        if (change.Pid != 0 && (!found || pid != change.Pid))
        {
            Process(change, $"{Grave} VALUES (?1, ?2, ?3, ?4, 1, ?5)").Bind(4, change.Pid).Bind(5, sequence).Run();
        }

        bool isOlderRun = found && pid != change.Pid && pid != 0 && change.Pid != 0;
        if (isOlderRun)
        {
            return;
        }

        if (change.Exec.Length == 0)
        {
            BuryContainer(change, sequence, isThere: found);
        }
        else
        {
            BuryProcess(change, sequence, isThere: found);
        }
    }

    private void BuryContainer(ProcessChange change, long sequence, bool isThere = false)
    {
        if (isThere || Exists(change))
        {
            Process(change, $"{Grave} {OfRows} AND {OfContainer} AND ?3 = ''").Bind(4, sequence).Run();
            Process(change, $"DELETE FROM processes WHERE {OfContainer} AND ?3 = ''").Run();
        }
    }

    private void BuryProcess(ProcessChange change, long sequence, bool isThere = false)
    {
        if (isThere || Exists(change))
        {
            Process(change, $"{Grave} {OfRows} AND {OfProcess}").Bind(4, sequence).Run();
            Process(change, $"DELETE FROM processes WHERE {OfProcess}").Run();
        }
    }

    private PreparedStatement Container(ProcessChange change, string sql) =>
        statements.Of(sql).Bind(1, change.Namespace).Bind(2, change.Container);

    private PreparedStatement Process(ProcessChange change, string sql) => Container(change, sql).Bind(3, change.Exec);
}
