// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Tests.Compose;

/// <summary>Nothing is dropped in silence: deleting any key of a file changes what is understood or what is refused.</summary>
public sealed class MutationTests
{
    /// <summary>Every supported key, none with the value it has anyway, one key on a line so that a line with what is indented below it is
    /// a key.</summary>
    internal const string Everything = """
        name: everything
        services:
          web:
            image: registry.lab:5000/web:1
            command: serve --fast
            entrypoint:
              - /bin/web
              - run
            environment:
              LEVEL: debug
              COLOR: ${COLOR:-blue}
            env_file:
              - path: web.env
                format: raw
            labels:
              tier: front
            ports:
              - target: 8080
                published: 80
                host_ip: 127.0.0.1
                protocol: udp
              - 9090
            volumes:
              - type: bind
                source: /srv/web
                target: /srv
                read_only: true
              - type: tmpfs
                target: /tmp
                tmpfs:
                  size: 64m
                  mode: 1770
              - data:/data
            user: "1000"
            working_dir: /srv
            hostname: web
            init: true
            read_only: true
            cap_add:
              - NET_ADMIN
            cap_drop:
              - ALL
            ulimits:
              nofile:
                soft: 1024
                hard: 2048
              nproc: 64
            sysctls:
              net.core.somaxconn: 1024
            restart: on-failure:3
            stop_signal: SIGINT
            stop_grace_period: 30s
            extra_hosts:
              db: 10.0.0.7
            deploy:
              replicas: 3
              labels:
                team: shop
              update_config:
                parallelism: 25%
                order: stop-first
                delay: 3s
                monitor: 20s
                max_failure_ratio: 0.3
                failure_action: pause
              placement:
                constraints:
                  - node.labels.disk == ssd
              resources:
                limits:
                  cpus: 1.5
                  memory: 512m
                  pids: 100
                reservations:
                  cpus: 0.5
                  memory: 128m
            x-cluster:
              health:
                http:
                  port: 8080
                  path: /healthz
                interval: 1s
                timeout: 1s
                retries: 5
                start_period: 20s
                start_interval: 100ms
              progress_deadline: 2m
              drain: 5s
          job:
            image: job
            healthcheck:
              test: "true"
              interval: 5s
              timeout: 3s
              retries: 4
              start_period: 9s
              start_interval: 2s
            deploy:
              mode: global
              restart_policy:
                condition: on-failure
                delay: 2s
                max_attempts: 4
                window: 1m
          quiet:
            image: quiet
            healthcheck:
              disable: true
          probed:
            image: probed
            x-cluster:
              health:
                tcp:
                  port: 5432
        volumes:
          data:

        """;

    private static readonly Dictionary<string, string> Files = new() { ["/srv/shop/web.env"] = "FROM_FILE=\"1\"\n" };

    public static TheoryData<int> Lines => [.. Enumerable.Range(0, Everything.Split('\n').Length)
        .Where(i => Everything.Split('\n')[i].Trim().Length > 0)];

    [Fact]
    public void The_file_with_everything_is_understood() => Assert.Empty(ComposeText.Read(Everything, files: Files).Errors);

    [Theory]
    [MemberData(nameof(Lines))]
    public void Deleting_a_key_changes_the_services_or_the_errors(int line)
    {
        var before = SpecText.Of(ComposeText.Read(Everything, files: Files));
        var after = SpecText.Of(ComposeText.Read(Without(Everything, line), files: Files));
        Assert.NotEqual(before, after);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Misspelling_a_key_is_an_error_that_names_it(int line)
    {
        var lines = Everything.Split('\n');
        var colon = lines[line].IndexOf(':', StringComparison.Ordinal);
        var key = colon < 0 ? "" : lines[line][..colon].Trim(' ', '-');
        if (IsFree(key)) return;
        lines[line] = lines[line].Replace(key + ":", "q" + key + ":", StringComparison.Ordinal);
        var errors = ComposeText.Read(string.Join('\n', lines), files: Files).Errors;
        Assert.Contains(errors, e => e.Path.EndsWith("q" + key, StringComparison.Ordinal) && e.At.Line == line + 1);
    }

    // Names the user chooses, and list items that are no maps.
    private static bool IsFree(string key) =>
        key is "" or "web" or "job" or "quiet" or "probed" or "data" or "LEVEL" or "COLOR" or "tier" or "team" or "db"
            || key.Contains('.', StringComparison.Ordinal);

    private static string Without(string text, int line)
    {
        var lines = text.Split('\n').ToList();
        var indent = Indent(lines[line]);
        var isItem = lines[line].TrimStart().StartsWith("- ", StringComparison.Ordinal)
            && lines[line].Contains(": ", StringComparison.Ordinal);
        if (isItem && line + 1 < lines.Count && Indent(lines[line + 1]) == indent + 2)
        {
            // The first key of an item: the next one takes its dash.
            lines[line + 1] = new string(' ', indent) + "- " + lines[line + 1].TrimStart();
            lines.RemoveAt(line);
            return string.Join('\n', lines);
        }

        var end = line + 1;
        while (end < lines.Count && lines[end].Trim().Length > 0 && Indent(lines[end]) > indent) end++;
        lines.RemoveRange(line, end - line);
        return string.Join('\n', lines);
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
