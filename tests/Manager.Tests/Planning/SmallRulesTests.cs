// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Planning;

public sealed class SmallRulesTests
{
    [Theory]
    [InlineData("web", "web@sha256:1")]
    [InlineData("web:1", "web@sha256:1")]
    [InlineData("registry.test:5000/team/web", "registry.test:5000/team/web@sha256:1")]
    [InlineData("registry.test:5000/web:1.2", "registry.test:5000/web@sha256:1")]
    [InlineData("registry.test:5000/web:1.2@sha256:0", "registry.test:5000/web@sha256:1")]
    public void A_pinned_reference_has_no_tag(string reference, string pinned) =>
        Assert.Equal(pinned, ImageReference.Pin(reference, "sha256:1"));

    [Theory]
    [InlineData("web", "web", 0)]
    [InlineData("web", "wbe", 2)]
    [InlineData("web", "webs", 1)]
    [InlineData("", "abc", 3)]
    public void Edit_distance(string one, string other, int expected) => Assert.Equal(expected, NearestNames.Distance(one, other));

    [Theory]
    [InlineData(2L << 30, "2.0 GB")]
    [InlineData(1_288_490_189, "1.2 GB")]
    [InlineData(512L << 20, "512.0 MB")]
    [InlineData(100, "100 B")]
    [InlineData(-(1L << 30), "-1.0 GB")]
    public void Bytes_as_operators_read_them(long bytes, string text) => Assert.Equal(text, Amounts.Bytes(bytes));

    [Fact]
    public void The_registry_wins_over_local_copies_and_not_found_over_no_answer()
    {
        var (a, b) = (new NodeId(1), new NodeId(2));
        var query = new ImageQuery
        {
            Number = 1, Service = new ServiceId(1), Revision = 1, Image = "web:1", RegistryNodes = [a, b], AskedNodes = [a, b],
                Deadline = default,
        };
        var unreachable = new ImageAnswer("sha256:old", "", new Reason(ReasonCode.RegistryUnreachable, "no answer"));
        var missing = new ImageAnswer("", "", new Reason(ReasonCode.ImageNotFound, "no such image"));
        var held = new ImageAnswer("sha256:new", "", null);
        Assert.Equal("sha256:new", ImageVerdict.Digest(query with { Answers = query.Answers.Add(a, unreachable).Add(b, held) }));
        Assert.Null(ImageVerdict.Digest(query with { Answers = query.Answers.Add(a, unreachable) }));
        Assert.Equal("web@sha256:old", ImageVerdict.Local(query with { Answers = query.Answers.Add(a, unreachable) })!.Pinned);
        var failure = ImageVerdict.Failure(query with { Answers = query.Answers.Add(a, unreachable).Add(b, missing) });
        Assert.Equal((ReasonCode.ImageNotFound, b), (failure!.Value.Reason.Code, failure.Value.Node));
    }
}
