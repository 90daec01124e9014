// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Tests.Simulated;
using ClusterManager.Model;
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Tests.Session;

/// <summary>What registries want to see is asked for when a pull or look-up begins.</summary>
public sealed partial class SessionTests
{
    [Fact]
    public void A_pull_shows_a_credential_that_was_asked_for_when_it_began_and_nothing_of_it_stays()
    {
        var asked = new List<string>();
        Start(A);
        OnlyInTheRegistry(Make.Assignment(Id).Image, "registry.lab:5000/web:1");
        _managers.Behaviours[A] = session =>
        {
            session.Auths = request =>
            {
                asked.Add(request.Image);
                var auth = new Wire.V1.RegistryAuth { Encoded = Encoded($"token-{asked.Count}") };
                return new AuthAnswer { Request = request.Request, Auth = auth };
            };
            session.Welcome(Make.Version(2, 0));
            session.Complete(Make.Version(2, 1), Anonymous(Id));
            var look = new ResolveImage { Request = 1, Image = "registry.lab:5000/web:1", AskRegistry = true };
            session.Say(new ManagerMessage { ResolveImage = look });
            _node.Run(token => BeatAsync(session, token));
        };
        Until(() => _node.Has(Id, Model.AllocationState.Running) && _node.Engine.Shown.Count == 2, "running and looked up");
        Assert.Equal(["token-1", "token-2"], _node.Engine.Shown.Order());
        Assert.Equal([Make.Assignment(Id).Image, "registry.lab:5000/web:1"], asked.Order(StringComparer.Ordinal).Reverse());
        Assert.All(Directory.GetFiles(_paths.Root, "*", SearchOption.AllDirectories), file =>
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("token-", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Encoded("token-1"), text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Who_does_not_answer_for_credentials_keeps_no_pull_for_ever()
    {
        Start(A);
        OnlyInTheRegistry(Make.Assignment(Id).Image);
        _managers.Behaviours[A] = session =>
        {
            session.Auths = _ => null;
            session.Welcome(Make.Version(2, 0));
            session.Complete(Make.Version(2, 1), Anonymous(Id));
            _node.Run(token => BeatAsync(session, token));
        };
        Until(() => _node.Has(Id, Model.AllocationState.Running), "running");
        Assert.Equal([""], _node.Engine.Shown);
    }

    private void OnlyInTheRegistry(params string[] images)
    {
        _node.Engine.Images.Clear();
        foreach (var image in images) _node.Engine.Registry.Add(image);
    }

    private static Wire.V1.Assignment Anonymous(AllocationId id)
    {
        var assignment = SimulatedSession.Wire(id);
        assignment.Auth = null;
        return assignment;
    }

    private static string Encoded(string password) => Convert.ToBase64String(
        System.Text.Encoding.UTF8.GetBytes($$"""{"username":"puller","password":"{{password}}"}"""));
}
