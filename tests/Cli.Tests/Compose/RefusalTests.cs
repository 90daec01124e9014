// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Cli.Tests.Compose;

public sealed class RefusalTests
{
    [Fact]
    public void All_errors_are_told_at_once_with_exact_places()
    {
        var result = ComposeText.Read("""
            name: Shop
            services:
              web:
                image: nginx
                ports:
                  - "80:80"
                  - "99999"
                netwroks: [x]
                helthcheck: {}
                build: .
              Api_1:
                command: [a]
            netwoks: {}
            """);
        Assert.Equal(
            [
                "f.yml:1:7 name: 'Shop' is no stack's name: lower-case letters, digits and '-', a letter or digit first and last, "
                    + "at most 63 characters; 'shop' would be one",
                "f.yml:7:9 services.web.ports[1]: '99999' is no port: 1 to 65535 or a range of them; understood is "
                    + "[[ADDRESS:]HOST:]CONTAINER[/tcp|/udp], for example 8080, 80:8080, 127.0.0.1:80:8080/udp or 9000-9002:8000-8002",
                "f.yml:8:5 services.web.netwroks: this key is not understood; here are: image, command, entrypoint, environment, "
                    + "env_file, labels, ports, volumes, healthcheck, user, working_dir, hostname, init, read_only, cap_add, cap_drop, "
                    + "ulimits, sysctls, restart, stop_signal, stop_grace_period, extra_hosts, deploy, x-cluster",
                "f.yml:9:5 services.web.helthcheck: this key is not understood; did you mean 'healthcheck'?",
                "f.yml:10:5 services.web.build: not supported: nodes pull images: build it, push it to a registry that all "
                    + "nodes reach, and name it by 'image'",
                "f.yml:11:3 services.Api_1: 'Api_1' is no service's name: lower-case letters, digits and '-', a letter or digit first "
                    + "and last, at most 63 characters; 'api-1' would be one",
                "f.yml:11:3 services.Api_1: 'image' is missing",
                "f.yml:13:1 netwoks: this key is not understood; here are: name, version, services, volumes",
            ],
            result.Errors.Select(e => e.ToString()));
        Assert.Empty(result.Services);
    }

    [Theory]
    [InlineData("build: .", "4:5 services.a.build: not supported: nodes pull images")]
    [InlineData("depends_on: [b]", "4:5 services.a.depends_on: not supported: services start together")]
    [InlineData("container_name: x", "4:5 services.a.container_name: not supported: a service can have many replicas")]
    [InlineData("tmpfs: /x", "4:5 services.a.tmpfs: not supported: write it under 'volumes'")]
    [InlineData("deploy: {rollback_config: {}}", "4:14 services.a.deploy.rollback_config: not supported: the way back is as update_config")]
    [InlineData("deploy: {replica: 2}", "4:14 services.a.deploy.replica: this key is not understood; did you mean 'replicas'?")]
    [InlineData("deploy: {resources: {limits: {cpu: 1}}}",
        "4:35 services.a.deploy.resources.limits.cpu: this key is not understood; did you mean 'cpus'?")]
    [InlineData("x-cluster: {helth: {}}", "4:17 services.a.x-cluster.helth: this key is not understood; did you mean 'health'?")]
    [InlineData("x-cluster: {pre_deploy: {timeout: 1m}}", "4:29 services.a.x-cluster.pre_deploy: pre_deploy needs a command")]
    [InlineData("x-cluster: {post_deploy: {command: x, timeout: 25h}}",
        "4:52 services.a.x-cluster.post_deploy.timeout: ")]
    [InlineData("x-cluster: {health: {}}", "4:25 services.a.x-cluster.health: exactly one of 'http' and 'tcp' is needed")]
    [InlineData("x-cluster: {health: {tcp: }}", "4:25 services.a.x-cluster.health: it names no port, and the service has none")]
    [InlineData("x-cluster: {health: {tcp: {port: 1}}}\nhealthcheck: {test: x}",
        "4:25 services.a.x-cluster.health: 'healthcheck' is there too")]
    [InlineData("volumes: ['./src:/app']", "4:15 services.a.volumes[0]: a relative path names a folder of this machine")]
    [InlineData("volumes: ['../src:/app']", "4:15 services.a.volumes[0]: a relative path")]
    [InlineData("volumes: ['~/src:/app']", "4:15 services.a.volumes[0]: a relative path")]
    [InlineData("volumes: ['data:/d']", "4:15 services.a.volumes[0]: the volume 'data' is not declared")]
    [InlineData("volumes: ['/s:/d:z']", "4:15 services.a.volumes[0]: the option 'z' is not understood")]
    [InlineData("volumes: ['/s:d']", "4:15 services.a.volumes[0]: the target 'd' is no absolute path")]
    [InlineData("volumes: ['/x', '/y:/x']", "4:5 services.a.volumes: two mounts have the target /x")]
    [InlineData("volumes: [{type: tmpfs, target: /x, source: y}]", "4:49 services.a.volumes[0].source: a tmpfs has no source")]
    [InlineData("volumes: [{target: /x}]", "4:15 services.a.volumes[0]: 'type' is missing")]
    [InlineData("ports: ['80-81:80']", "4:13 services.a.ports[0]: '80-81' and '80' are not equally long")]
    [InlineData("ports: ['81-80']", "4:13 services.a.ports[0]: the range '81-80' runs backwards")]
    [InlineData("ports: ['1-200']", "4:13 services.a.ports[0]: the range '1-200' has more than 100 ports")]
    [InlineData("ports: ['80:80/sctp']", "4:13 services.a.ports[0]: the protocol 'sctp' is not understood")]
    [InlineData("ports: ['h:80:80']", "4:13 services.a.ports[0]: 'h' is no IP address")]
    [InlineData("ports: [':80']", "4:13 services.a.ports[0]: ':80' has no host port before ':'")]
    [InlineData("ports: ['80:80', '80:81']", "4:5 services.a.ports: the host port 80 stands twice")]
    [InlineData("ports: [{published: 80}]", "4:13 services.a.ports[0]: 'target', the container's port, is missing")]
    [InlineData("ports: [{target: 80, mode: ingress}]", "4:32 services.a.ports[0].mode: 'ingress' is not understood: host is")]
    [InlineData("ports: 80", "4:12 services.a.ports: a list is expected, this is a text")]
    [InlineData("environment: {CLUSTER_X: 1}", "4:30 services.a.environment.CLUSTER_X: variables that begin with CLUSTER_")]
    [InlineData("environment: [A=1, A=2]", "4:24 services.a.environment[1]: 'A' stands twice")]
    [InlineData("environment: {A: [1]}", "4:22 services.a.environment.A: a text is expected, this is a list")]
    [InlineData("env_file: gone.env", "4:15 services.a.env_file: there is no file gone.env")]
    [InlineData("labels: {cluster.x: 1}", "4:25 services.a.labels.cluster.x: labels that begin with 'cluster.'")]
    [InlineData("restart: sometimes", "4:14 services.a.restart: 'sometimes' is not understood")]
    [InlineData("restart: on-failure:x", "4:14 services.a.restart: 'on-failure:x' is not understood")]
    [InlineData("stop_grace_period: 10", "4:24 services.a.stop_grace_period: '10' is not understood: a duration like 10s")]
    [InlineData("stop_grace_period: 25h", "4:24 services.a.stop_grace_period: '25h' is outside of 0s to 24h")]
    [InlineData("stop_signal: SIGNOT", "4:18 services.a.stop_signal: 'SIGNOT' is no signal")]
    [InlineData("working_dir: w", "4:18 services.a.working_dir: 'w' is no absolute path")]
    [InlineData("init: maybe", "4:11 services.a.init: true or false is expected")]
    [InlineData("user:", "4:10 services.a.user: a text is expected, this is empty")]
    [InlineData("hostname: a_b", "4:15 services.a.hostname: 'a_b' is no host name")]
    [InlineData("cap_add: [NET-ADMIN]", "4:15 services.a.cap_add[0]: 'NET-ADMIN' is no capability")]
    [InlineData("ulimits: {nofiles: 1}", "4:15 services.a.ulimits.nofiles: 'nofiles' is no limit; did you mean 'nofile'?")]
    [InlineData("ulimits: {nofile: {soft: 2, hard: 1}}", "4:23 services.a.ulimits.nofile: the soft limit is above the hard one")]
    [InlineData("ulimits: {nofile: {soft: 2}}", "4:23 services.a.ulimits.nofile: both 'soft' and 'hard' are needed")]
    [InlineData("sysctls: [vm.swappiness=1]", "4:15 services.a.sysctls[0]: 'vm.swappiness' is not a container's own")]
    [InlineData("extra_hosts: [x]", "4:19 services.a.extra_hosts[0]: 'x' is not understood")]
    [InlineData("extra_hosts: ['x:y']", "4:19 services.a.extra_hosts[0]: 'y' is no IP address")]
    [InlineData("healthcheck: {test: [curl]}", "4:25 services.a.healthcheck.test: the list is not understood")]
    [InlineData("healthcheck: {retries: 0}", "4:28 services.a.healthcheck.retries: '0' is not understood: a whole number from 1 to 100")]
    [InlineData("deploy: {replicas: -1}", "4:24 services.a.deploy.replicas: '-1' is not understood: a whole number from 0 to 10000")]
    [InlineData("deploy: {mode: replicated-job}", "4:20 services.a.deploy.mode: 'replicated-job' is not understood")]
    [InlineData("deploy: {mode: global, replicas: 2}", "4:28 services.a.deploy.replicas: a global service runs once on each node")]
    [InlineData("deploy: {placement: {constraints: [a]}}", "4:40 services.a.deploy.placement.constraints[0]: 'a' needs the form")]
    [InlineData("deploy: {resources: {limits: {memory: 1m}}}", "4:43 services.a.deploy.resources.limits.memory: '1m' is too small")]
    [InlineData("deploy: {resources: {limits: {cpus: 1}, reservations: {cpus: 2}}}",
        "4:60 services.a.deploy.resources.reservations.cpus: more is reserved")]
    [InlineData("deploy: 3", "4:13 services.a.deploy: a map with the keys mode, replicas")]
    [InlineData("command: 'a \"b'", "4:14 services.a.command: a quote is not closed")]
    [InlineData("image: j", "4:5 services.a.image: the key stands twice; first in line 3")]
    public void A_bad_value_is_named_with_its_place(string lines, string expected)
    {
        Assert.Contains(ComposeText.Bad(lines), e => e.StartsWith("f.yml:" + expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "f.yml:1:1: the file is empty")]
    [InlineData("# only a comment\n", "f.yml:1:1: the file is empty")]
    [InlineData("services: {}\n", "f.yml:1:11 services: a map of services is expected, this is an empty one")]
    [InlineData("x: 1\n", "f.yml:1:1 x: this key is not understood; here are: name, version, services, volumes")]
    [InlineData("- a\n", "f.yml:1:1: a map with the keys name, version, services, volumes is expected, this is a list")]
    [InlineData("services:\n  a:\n", "f.yml:2:3 services.a: the service is empty: 'image' is needed")]
    [InlineData("services: &s\n  a: *s\n", "f.yml:2:6: the alias *s stands inside its own anchor: it would never end")]
    [InlineData("services: *s\n", "f.yml:1:11: the alias *s names no anchor above it")]
    [InlineData("services:\n  a: {image: i}\n---\nservices: {}\n",
        "f.yml:3:1: a second document begins here: a compose file is one document")]
    [InlineData("services:\n  ? [a]\n  : {image: i}\n", "f.yml:2:5: a key must be a text, not a list or a map")]
    [InlineData("services:\n  1: {image: i}\n", "f.yml:2:3 services.1: a key must be a text: put it into quotes")]
    [InlineData("services:\n  true: {image: i}\n", "f.yml:2:3 services.true: a key must be a text: put it into quotes")]
    [InlineData("services:\n  a: {image: !reset i}\n",
        "f.yml:2:14 services.a.image: the tag !reset is not understood: no tags but those of plain YAML are")]
    [InlineData("services:\n  a: {image: i, <<: 3}\n",
        "f.yml:2:21 services.a.<<: only a map or a list of maps can be merged, this is a text")]
    [InlineData("services:\n  a: {image: i}\nvolumes: {d: {external: true}}\n",
        "f.yml:3:15 volumes.d.external: not supported: a volume belongs to its stack; a bind mount reaches what others made")]
    public void A_file_that_is_wrong_as_a_whole_is_told_so(string text, string expected) =>
        Assert.Contains(expected, ComposeText.Read(text).Errors.Select(e => e.ToString()));

    [Theory]
    [InlineData("services:\n\ta: 1\n")]
    [InlineData("services: {a: {image: i}\n")]
    [InlineData("services: \"x\n")]
    [InlineData("services: @x\n")]
    [InlineData("a: b: c\n")]
    [InlineData("%YAML 9.9\n---\nservices: {}\n")]
    public void Broken_YAML_is_an_error_in_the_first_lines(string text)
    {
        var error = Assert.Single(ComposeText.Read(text).Errors);
        Assert.InRange(error.At.Line, 1, 3);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        Assert.Contains("no text in UTF-8", Assert.Single(ComposeText.ReadBytes([0xff, 0xfe, 0x00]).Errors).Message,
            StringComparison.Ordinal);
        Assert.Contains("NUL", Assert.Single(ComposeText.ReadBytes([0x61, 0x00]).Errors).Message, StringComparison.Ordinal);
        Assert.Contains("at most 1048576", Assert.Single(ComposeText.ReadBytes(new byte[(1 << 20) + 1]).Errors).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_of_aliases_and_a_deep_nest_are_refused()
    {
        var bomb = new StringBuilder("x-0: &a0 [l,l,l,l,l,l,l,l,l,l]\n");
        for (var i = 1; i < 12; i++) bomb.Append($"x-{i}: &a{i} [{string.Join(",", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Contains("expands to more than 50000 values", Assert.Single(ComposeText.Read(bomb.ToString()).Errors).Message,
            StringComparison.Ordinal);
        Assert.Contains("nested deeper than 64", Assert.Single(ComposeText.Read(new string('[', 100_000)).Errors).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_was_allowed_is_ignored_with_a_warning()
    {
        var text = ComposeText.Service("networks: [x]\ndeploy: {rollback_config: {parallelism: 2}}") + "networks: {x: }\n";
        Assert.Equal(3, ComposeText.Read(text).Errors.Length);
        var result = ComposeText.Read(text, allowIgnored: ["networks", "deploy.rollback_config", "tty"]);
        Assert.Empty(result.Errors);
        Assert.Equal(
            ["--allow-ignored tty names no key that would be refused", "ignored, as --allow-ignored says",
                "ignored, as --allow-ignored says", "ignored, as --allow-ignored says"],
            result.Warnings.Select(w => w.Message));
        Assert.Equal(2, ComposeText.Read(text, allowIgnored: ["services.a.networks"]).Errors.Length);
    }

    [Fact]
    public void Extensions_are_ignored_where_the_specification_says_so()
    {
        var result = ComposeText.Read("x-a: [1]\n" + ComposeText.Service(
            "x-b: 1\ndeploy: {x-c: 1, placement: {x-d: 1}}\nhealthcheck: {x-e: 1}\nx-cluster: {x-f: 1}"));
        Assert.Empty(result.Errors);
    }
}
